package data

// fills is what slots of templates stand for: in training, and in the test
// where that differs.
var fills = map[string]struct{ train, test []string }{
	"app": {
		train: []string{
			"firefox", "foot", "the terminal", "terminal", "files", "the editor", "text editor", "the browser", "a browser", "calculator", "chromium", "gimp", "thunderbird",
			"libreoffice", "writer", "the music player", "vlc", "emacs", "vim", "a shell", "the calendar", "mail", "the mail program", "inkscape", "blender", "steam", "spotify",
			"the file manager", "vs code", "the picture viewer", "images", "counter", "the clock", "htop", "a text editor", "alacritty", "evince", "the pdf viewer", "signal",
			"discord", "slack", "zoom", "krita", "audacity", "kitty", "okular", "konsole", "weather", "maps", "the camera", "paint", "solitaire", "tally", "xterm", "nautilus", "obs",
		},
		test: []string{
			"chrome", "the terminal", "a terminal", "files", "the web browser", "the editor", "kate", "gedit", "darktable", "telegram", "the spreadsheet", "pidgin", "godot", "a calculator",
			"mousepad", "the photo app", "freecad", "rhythmbox", "geany", "calibre", "wezterm", "firefox", "the text editor", "minesweeper", "excel",
		},
	},
	"win": {
		train: []string{
			"this window", "that window", "the window", "it", "this", "that", "this one", "that one", "the {app} window", "{app}", "my {app} window", "{app}", "the top window", "the active window",
		},
		test: []string{"this window", "that window", "it", "{app}", "the {app} window", "that one", "this {app} window"},
	},
	"thewin": {
		train: []string{"{app}", "the {app} window", "my {app}", "that window", "the window with {topic}", "{app}", "the window of {app}", "the other {app} window"},
		test:  []string{"{app}", "the {app} window", "the window that shows {topic}"},
	},
	"vm": {
		train: []string{
			"linux", "windows", "the linux desktop", "the windows desktop", "the virtual machine", "the linux vm", "the windows vm", "my linux machine", "the windows machine", "the guest",
			"the vm", "linux desktop", "the linux guest", "the lab vm", "debian vm", "the windows pc", "my vm", "the linux subsystem", "the windows guest", "virtual machine {num}", "the debian machine", "the fedora vm", "windows desktop", "the ubuntu machine", "the mint vm", "the build vm", "the dev machine", "windows 11", "the old guest", "alpine", "the office vm", "the kali guest",
		},
		test: []string{"linux", "windows", "the linux desktop", "the windows machine", "the ubuntu vm", "my virtual machine", "the linux machine", "the windows vm", "the staging vm", "the arch guest"},
	},
	"ws": {
		train: []string{
			"workspace {num}", "workspace {num}", "desktop {num}", "the {nth} workspace", "the next workspace", "the other workspace", "the previous workspace", "workspace number {num}",
			"the {nth} desktop", "the workspace {topic}", "the {topic} workspace", "the last workspace", "another workspace",
		},
		test: []string{"workspace {num}", "workspace {num}", "desktop {num}", "the {nth} workspace", "the workspace called {topic}"},
	},
	"num":  {train: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "one", "two", "three", "four", "five"}, test: []string{"2", "3", "6", "8", "10", "11", "two", "six", "seven"}},
	"nth":  {train: []string{"first", "second", "third", "fourth", "fifth", "2nd", "3rd"}, test: []string{"second", "third", "sixth", "1st"}},
	"pct":  {train: []string{"10", "20 percent", "25%", "30", "40%", "50 percent", "half", "sixty percent", "70 %", "80", "90 percent", "100%", "full", "maximum", "the minimum", "a quarter", "5", "ten percent"}, test: []string{"15", "35%", "45 percent", "65", "55 %", "half", "eighty percent", "thirty"}},
	"size": {train: []string{"800x600", "1024 by 768", "640x480", "1280 x 720", "500 pixels wide", "900 by 700 pixels", "300 pixels high", "half its size"}, test: []string{"1000x700", "1600 by 900", "720x480", "400 pixels wide"}},
	"side": {
		train: []string{
			"left half", "right half", "left side", "right side", "left", "right", "top left corner", "top right corner", "bottom left corner", "bottom right corner", "top half", "bottom half",
			"left edge", "upper left quarter", "lower right quarter", "left half of the screen", "right half of the screen", "upper half",
		},
		test: []string{"left half", "right half", "right side of the screen", "left edge of the screen", "lower left corner", "upper right corner", "top half", "bottom right quarter"},
	},
	"text": {
		train: []string{
			"hello", "hello world", "\"ls -la\"", "sudo apt update", "\"good morning\"", "my name", "yes", "exit", "cd /tmp", "the word test", "make install", "\"thank you very much\"", "git status", "12345",
			"root", "abc", "\"see you tomorrow\"", "reboot", "cat notes.txt", "hi there",
		},
		test: []string{"hello", "\"hello there\"", "uname -a", "whoami", "\"have a nice day\"", "startx", "python3 main.py", "99 bottles", "no"},
	},
	"key": {
		train: []string{"enter", "escape", "ctrl alt delete", "ctrl+c", "tab", "alt f4", "the space bar", "f5", "backspace", "page down", "the up arrow", "delete", "ctrl-alt-del", "super", "shift+tab", "home", "f11", "control c", "return"},
		test:  []string{"enter", "esc", "ctrl+alt+delete", "f2", "alt+tab", "the down arrow", "ctrl-d", "page up", "insert"},
	},
	"topic": {
		train: []string{
			"virtqueues", "taxes", "the meeting", "page tables", "grandma's recipe", "holidays", "the budget", "work", "music", "school", "the garden", "my trip to rome", "scheduling", "birthdays", "the project", "passwords",
			"chess openings", "the car", "rent", "biology", "photos", "games", "shopping", "the interview",
		},
		test: []string{"interrupts", "insurance", "the wedding", "mail", "kernel memory", "pancakes", "our holiday in spain", "the lecture", "bicycles", "research", "the contract"},
	},
	"file": {
		train: []string{"report.pdf", "notes.txt", "the budget spreadsheet", "holiday photos", "main.go", "my cv", "invoice-2024.pdf", "the letter to the bank", "~/todo.md", "logo.svg", "thesis.odt", "the presentation", "song.mp3", "photo.jpg", "README.md", "the zip archive", "backup.tar.gz"},
		test:  []string{"summary.docx", "the tax return", "plan.md", "server.go", "my passport scan", "beach.png", "the slides for monday", "~/Documents/list.csv", "movie.mkv"},
	},
	"host": {
		train: []string{"lab:1", "192.168.1.20", "10.0.0.5:5901", "office:0", "media-server", "the office computer", "my server", "raspberry:1", "pi.local", "workstation:2", "the machine in the lab"},
		test:  []string{"lab:2", "172.16.0.9:5900", "studio:1", "nas.local", "the server in the basement", "build-host:3"},
	},
	"panel": {
		train: []string{"network", "sound", "display", "keyboard", "mouse", "touchpad", "notification", "power", "language", "wallpaper", "appearance", "privacy", "keyboard layout", "font size", "screen", "date and time", "background", "accessibility"},
		test:  []string{"display", "sound", "wallpaper", "keyboard", "screen resolution", "language", "mouse speed", "wifi", "power"},
	},
}

// begins and ends are put around what is asked for, as people do.
var begins = struct{ train, test []string }{
	train: []string{"please", "can you", "could you", "hey", "rayos", "hey rayos", "i want to", "i would like to", "now", "ok", "can you please", "let's", "i need to", "computer", "go and", "you should"},
	test:  []string{"please", "would you", "kindly", "ok computer", "could you please", "just", "hi rayos"},
}

var ends = struct{ train, test []string }{
	train: []string{"please", "now", "for me", "thanks", "again", "right away", "thank you", "quickly", "if you can"},
	test:  []string{"please", "right now", "would you", "for me please", "asap", "thank you"},
}
