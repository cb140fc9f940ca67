"""Reads an application as a screen reader does, and presses what has the names
that are given."""
import sys
import time

import pyatspi


def walk(node, depth=0):
    yield node
    if depth > 30:
        return
    for i in range(node.childCount):
        child = node.getChildAtIndex(i)
        if child is not None:
            yield from walk(child, depth + 1)


def app():
    desktop = pyatspi.Registry.getDesktop(0)
    for i in range(desktop.childCount):
        a = desktop.getChildAtIndex(i)
        if a is not None and a.name == sys.argv[1]:
            return a
    return None


def find(name):
    end = time.time() + 60
    while time.time() < end:
        a = app()
        if a is not None:
            for n in walk(a):
                if n.name == name and "Action" in pyatspi.listInterfaces(n):
                    return n
        time.sleep(0.05)
    sys.exit("there is no " + name)


for name in sys.argv[2:]:
    thing = find(name)
    print("role", thing.getRoleName(), flush=True)
    if thing.getRoleName() != "menu item":
        thing.queryAction().doAction(0)
