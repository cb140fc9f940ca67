"""A screen reader's view of a small window, by the library they all use.

It reads lines from standard input when it needs the other side to act, and
writes a line for each thing it has seen.
"""
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

import pyatspi


def say(*words):
    print(*words, flush=True)


def walk(node, depth=0):
    say("tree", "  " * depth + node.getRoleName(), repr(node.name))
    for kid in node:
        walk(kid, depth + 1)


def find(node, role, name):
    if node.getRoleName() == role and node.name == name:
        return node
    for kid in node:
        found = find(kid, role, name)
        if found:
            return found
    return None


def hear(event):
    if event.host_application and event.host_application.name == "RayOS":
        say("event", event.type, event.detail1, event.source.getRoleName(), repr(event.source.name))


desktop = pyatspi.Registry.getDesktop(0)
app = next((a for a in desktop if a and a.name == "RayOS"), None)
if app is None:
    say("no application", [a.name for a in desktop if a])
    sys.exit(1)
say("toolkit", app.queryApplication().toolkitName if hasattr(app, "queryApplication") else app.get_toolkit_name())
walk(app)

for kind in (
    "object:state-changed:focused",
    "object:state-changed:checked",
    "object:text-changed",
    "object:children-changed",
    "window:activate",
):
    pyatspi.Registry.registerEventListener(hear, kind)

button = find(app, "push button", "Count")
action = button.queryAction()
say("action", action.nActions, action.getName(0), action.doAction(0))
extents = button.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
say("extents", extents.x, extents.y)
say("states", button.getState().contains(pyatspi.STATE_SHOWING), button.getState().contains(pyatspi.STATE_ENABLED))

field = find(app, "entry", "Name")
say("text", repr(field.queryText().getText(0, -1)))
say("set", field.queryEditableText().setTextContents("größe"), repr(field.queryText().getText(0, -1)), field.queryText().characterCount)
say("word", field.queryText().getTextAtOffset(1, pyatspi.TEXT_BOUNDARY_WORD_START))
say("focus", field.queryComponent().grabFocus())

box = find(app, "check box", "Check")
say("check", box.queryAction().doAction(0))

slider = find(app, "slider", "Volume").queryValue()
say("value", slider.currentValue, slider.minimumValue, slider.maximumValue)
slider.currentValue = 55
say("value", slider.currentValue)

rows = find(app, "list box", "Rows")
say("select", rows.querySelection().selectChild(1), rows.querySelection().getSelectedChild(0).name)

# Events come while the main loop runs; the other side says when to end.
loop = GLib.MainLoop()


def ended(*_):
    loop.quit()
    return False


GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, ended)
say("ready")
loop.run()
say("done")
