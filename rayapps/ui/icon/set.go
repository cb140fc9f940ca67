package icon

// Name is an icon.
type Name uint8

// Icons.
const (
	None Name = iota
	Add
	Remove
	Close
	Check
	ChevronDown
	ChevronUp
	ChevronRight // towards the end of a line
	ChevronLeft
	ArrowRight
	ArrowLeft
	ArrowUp
	ArrowDown
	Menu
	More
	Search
	Settings
	Tune
	Home
	Folder
	File
	Document
	Edit
	Trash
	Copy
	Paste
	Cut
	Undo
	Redo
	Save
	Download
	Upload
	Open
	Refresh
	Play
	Pause
	Stop
	Next
	Previous
	Volume
	VolumeLow
	VolumeOff
	Microphone
	MicrophoneOff
	Sun
	Moon
	Wifi
	WifiOff
	Network
	Bluetooth
	Battery
	BatteryLow
	BatteryCharging
	Power
	Lock
	Unlock
	Logout
	User
	Bell
	BellOff
	Info
	Warning
	Error
	Success
	Help
	Window
	Minimise
	Maximise
	Restore
	Terminal
	Display
	Keyboard
	Mouse
	Camera
	Picture
	Video
	Record
	Screenshot
	Apps
	List
	Workspaces
	Clock
	Calendar
	Star
	Pin
	Eye
	EyeOff
	Filter
	Globe
	Machine
	Processor
	Drive
	Bolt
	Shield
	Password
	Sparkle
	Chat
	Send
	Handle
	Code
	names
)

// Count is how many icons there are; Name(1) to Name(Count) are all of them.
const Count = int(names) - 1

const slash = "M4 4L20 20"

var set = [names]struct {
	name, path string
	mirror     bool
}{
	None:            {"none", "", false},
	Add:             {"add", "M12 5V19M5 12H19", false},
	Remove:          {"remove", "M5 12H19", false},
	Close:           {"close", "M6 6L18 18M18 6L6 18", false},
	Check:           {"check", "M5 12.5L10 17.5L19.5 7", false},
	ChevronDown:     {"chevron-down", "M6 9L12 15L18 9", false},
	ChevronUp:       {"chevron-up", "M6 15L12 9L18 15", false},
	ChevronRight:    {"chevron-right", "M9 6L15 12L9 18", true},
	ChevronLeft:     {"chevron-left", "M15 6L9 12L15 18", true},
	ArrowRight:      {"arrow-right", "M4.5 12H19.5M13 5.5L19.5 12L13 18.5", true},
	ArrowLeft:       {"arrow-left", "M19.5 12H4.5M11 5.5L4.5 12L11 18.5", true},
	ArrowUp:         {"arrow-up", "M12 19.5V4.5M5.5 11L12 4.5L18.5 11", false},
	ArrowDown:       {"arrow-down", "M12 4.5V19.5M5.5 13L12 19.5L18.5 13", false},
	Menu:            {"menu", "M4 6H20M4 12H20M4 18H20", false},
	More:            {"more", "O5.5 12 0.6O12 12 0.6O18.5 12 0.6", false},
	Search:          {"search", "O10.5 10.5 6.5M15.5 15.5L20.5 20.5", false},
	Settings:        {"settings", "O12 12 2.6O12 12 6.4M12 2.6V5.6M12 18.4V21.4M2.6 12H5.6M18.4 12H21.4M5.4 5.4L7.5 7.5M16.5 16.5L18.6 18.6M18.6 5.4L16.5 7.5M7.5 16.5L5.4 18.6", false},
	Tune:            {"tune", "M4 7.5H13O16 7.5 2.6M18.8 7.5H20M4 16.5H5.2O8 16.5 2.6M11 16.5H20", false},
	Home:            {"home", "M3.5 11.5L12 4L20.5 11.5M6 9.5V20H18V9.5M10 20V14.5H14V20", false},
	Folder:          {"folder", "M3.5 19V5.5H9.5L12 8H20.5V19Z", false},
	File:            {"file", "M6 3.5H13.5L18.5 8.5V20.5H6ZM13.5 3.5V8.5H18.5", false},
	Document:        {"document", "M6 3.5H13.5L18.5 8.5V20.5H6ZM13.5 3.5V8.5H18.5M9 12.5H15.5M9 16H13.5", false},
	Edit:            {"edit", "M4 20L5.2 15.8L16.2 4.8L19.2 7.8L8.2 18.8ZM13.8 7.2L16.8 10.2", false},
	Trash:           {"trash", "M4.5 7H19.5M9.5 7V4H14.5V7M6.5 7L7.5 20H16.5L17.5 7M10.5 10.5V16.5M13.5 10.5V16.5", false},
	Copy:            {"copy", "R8.5 8.5 11.5 11.5 2M5.5 15.5H5.5C4.5 15.5 4 15 4 14V6C4 4.7 4.7 4 6 4H14C15 4 15.5 4.5 15.5 5.5", false},
	Paste:           {"paste", "R5 5.5 14 15 2R9 3.5 6 4 1", false},
	Cut:             {"cut", "O6.5 17.5 2.6O17.5 17.5 2.6M8 15.3L16.5 4M16 15.3L7.5 4", false},
	Undo:            {"undo", "M8 5L4 9L8 13M4 9H14.5C17.6 9 20 11.3 20 14.3C20 17.3 17.6 19.5 14.5 19.5H10", false},
	Redo:            {"redo", "M16 5L20 9L16 13M20 9H9.5C6.4 9 4 11.3 4 14.3C4 17.3 6.4 19.5 9.5 19.5H14", false},
	Save:            {"save", "M4.5 4.5H16L19.5 8V19.5H4.5ZM8 4.5V8.5H14.5V4.5M8 19.5V13.5H16V19.5", false},
	Download:        {"download", "M12 4V15.5M6.5 10L12 15.5L17.5 10M4.5 20H19.5", false},
	Upload:          {"upload", "M12 15.5V4M6.5 9.5L12 4L17.5 9.5M4.5 20H19.5", false},
	Open:            {"open", "M13.5 4.5H19.5V10.5M19.5 4.5L11 13M10 6H6C5.2 6 4.5 6.7 4.5 7.5V18C4.5 18.8 5.2 19.5 6 19.5H16.5C17.3 19.5 18 18.8 18 18V14", true},
	Refresh:         {"refresh", "M19.5 12C19.5 16.1 16.1 19.5 12 19.5C7.9 19.5 4.5 16.1 4.5 12C4.5 7.9 7.9 4.5 12 4.5C14.7 4.5 17.1 5.9 18.5 8.2M19 3.8V8.4H14.4", false},
	Play:            {"play", "M7.5 4.5L19 12L7.5 19.5Z", false},
	Pause:           {"pause", "R6.5 5 3.5 14 1R14 5 3.5 14 1", false},
	Stop:            {"stop", "R6 6 12 12 2", false},
	Next:            {"next", "M6 5.5L15 12L6 18.5ZM18.5 5.5V18.5", false},
	Previous:        {"previous", "M18 5.5L9 12L18 18.5ZM5.5 5.5V18.5", false},
	Volume:          {"volume", "M3.5 9.5H7L11.5 5.5V18.5L7 14.5H3.5ZM15 9C16.5 10.8 16.5 13.2 15 15M17.8 6.3C20.8 9.4 20.8 14.6 17.8 17.7", false},
	VolumeLow:       {"volume-low", "M3.5 9.5H7L11.5 5.5V18.5L7 14.5H3.5ZM15 9C16.5 10.8 16.5 13.2 15 15", false},
	VolumeOff:       {"volume-off", "M3.5 9.5H7L11.5 5.5V18.5L7 14.5H3.5ZM15.5 9.5L20.5 14.5M20.5 9.5L15.5 14.5", false},
	Microphone:      {"microphone", "R9 3.5 6 11 3M5.5 11.5C5.5 15.2 8.4 17.7 12 17.7C15.6 17.7 18.5 15.2 18.5 11.5M12 17.7V20.8", false},
	MicrophoneOff:   {"microphone-off", "R9 3.5 6 11 3M5.5 11.5C5.5 15.2 8.4 17.7 12 17.7C15.6 17.7 18.5 15.2 18.5 11.5M12 17.7V20.8" + slash, false},
	Sun:             {"sun", "O12 12 3.9M12 2.6V4.8M12 19.2V21.4M2.6 12H4.8M19.2 12H21.4M5.4 5.4L6.9 6.9M17.1 17.1L18.6 18.6M18.6 5.4L17.1 6.9M6.9 17.1L5.4 18.6", false},
	Moon:            {"moon", "M20 14.6C19 15.1 17.8 15.3 16.6 15.3C12.2 15.3 8.7 11.8 8.7 7.4C8.7 6.2 8.9 5 9.4 4C6 5.2 3.5 8.5 3.5 12.3C3.5 17 7.2 20.5 11.8 20.5C15.6 20.5 18.8 18.1 20 14.6Z", false},
	Wifi:            {"wifi", "M3 9.5C8 4.7 16 4.7 21 9.5M6 13C9.4 9.8 14.6 9.8 18 13M9 16.3C10.7 14.8 13.3 14.8 15 16.3O12 19.2 0.6", false},
	WifiOff:         {"wifi-off", "M3 9.5C5 7.6 7.4 6.4 10 6M14 6C16.6 6.4 19 7.6 21 9.5M6 13C7 12 8.2 11.3 9.5 10.9M9 16.3C10.7 14.8 13.3 14.8 15 16.3O12 19.2 0.6" + slash, false},
	Network:         {"network", "R9 3.5 6 5 1R3.5 15.5 6 5 1R14.5 15.5 6 5 1M12 8.5V12M6.5 15.5V12H17.5V15.5", false},
	Bluetooth:       {"bluetooth", "M7 7.5L17 16.5L12 21V3L17 7.5L7 16.5", false},
	Battery:         {"battery", "R2.5 7.5 16.5 9 2M21.8 10.5V13.5M6 10.8V13.2M9 10.8V13.2M12 10.8V13.2M15 10.8V13.2", false},
	BatteryLow:      {"battery-low", "R2.5 7.5 16.5 9 2M21.8 10.5V13.5M6 10.8V13.2", false},
	BatteryCharging: {"battery-charging", "M6.5 16.5H4.5C3.4 16.5 2.5 15.6 2.5 14.5V9.5C2.5 8.4 3.4 7.5 4.5 7.5H7.5M14 7.5H17C18.1 7.5 19 8.4 19 9.5V14.5C19 15.6 18.1 16.5 17 16.5H13.5M21.8 10.5V13.5M11.5 6.5L8 12H13L9.5 17.5", false},
	Power:           {"power", "M12 3.5V11.5M7.2 6.6C5.4 8 4.5 10 4.5 12.3C4.5 16.4 7.9 19.7 12 19.7C16.1 19.7 19.5 16.4 19.5 12.3C19.5 10 18.6 8 16.8 6.6", false},
	Lock:            {"lock", "R5 10.5 14 10 2M8 10.5V7.7C8 5.3 9.7 3.5 12 3.5C14.3 3.5 16 5.3 16 7.7V10.5", false},
	Unlock:          {"unlock", "R5 10.5 14 10 2M8 10.5V7.7C8 5.3 9.7 3.5 12 3.5C13.8 3.5 15.2 4.6 15.8 6.2", false},
	Logout:          {"logout", "M10 4.5H6C5.2 4.5 4.5 5.2 4.5 6V18C4.5 18.8 5.2 19.5 6 19.5H10M15 7.5L19.5 12L15 16.5M9.5 12H19.5", true},
	User:            {"user", "O12 8 4M4.5 20.5C5 16.6 8 14.6 12 14.6C16 14.6 19 16.6 19.5 20.5", false},
	Bell:            {"bell", "M6 16V10.5C6 7 8.7 4.3 12 4.3C15.3 4.3 18 7 18 10.5V16L19.8 17.8H4.2ZM10 20.8H14", false},
	BellOff:         {"bell-off", "M6 16V10.5C6 9.4 6.3 8.3 6.8 7.4M9 5.1C9.9 4.6 10.9 4.3 12 4.3C15.3 4.3 18 7 18 10.5V14M17 17.8H4.2L6 16M10 20.8H14" + slash, false},
	Info:            {"info", "O12 12 8.5M12 11.2V16.3O12 7.9 0.4", false},
	Warning:         {"warning", "M12 4L21 19.5H3ZM12 10V14.3O12 16.8 0.4", false},
	Error:           {"error", "O12 12 8.5M9 9L15 15M15 9L9 15", false},
	Success:         {"success", "O12 12 8.5M8 12.4L10.8 15.2L16 9.3", false},
	Help:            {"help", "O12 12 8.5M9.4 9.7C9.4 8.2 10.5 7.2 12 7.2C13.5 7.2 14.6 8.2 14.6 9.6C14.6 11.5 12 11.5 12 13.6O12 16.6 0.4", false},
	Window:          {"window", "R3.5 4.5 17 15 2M3.5 9H20.5", false},
	Minimise:        {"minimise", "M6 16.5H18", false},
	Maximise:        {"maximise", "R5.5 5.5 13 13 2", false},
	Restore:         {"restore", "R4.5 8.5 11 11 2M8.5 5.5H16.5C18 5.5 18.5 6 18.5 7.5V15.5", false},
	Terminal:        {"terminal", "R3.5 4.5 17 15 2M7 9L10 12L7 15M12 15H16.5", false},
	Display:         {"display", "R3.5 4.5 17 11.5 2M12 16V20M8 20H16", false},
	Keyboard:        {"keyboard", "R2.5 6.5 19 11 2O6.5 10 0.3O10.2 10 0.3O13.8 10 0.3O17.5 10 0.3M8 14H16", false},
	Mouse:           {"mouse", "R7 3.5 10 17 5M12 7.2V10.5", false},
	Camera:          {"camera", "M3.5 7.5H8L9.5 5H14.5L16 7.5H20.5V18.5H3.5ZO12 12.8 3.2", false},
	Picture:         {"picture", "R3.5 4.5 17 15 2O8.5 9.5 1.5M4 17L9.5 12.5L13 15.5L16 13L20 16.5", false},
	Video:           {"video", "R3 6.5 12 11 2M15 11L21 8V16L15 13", false},
	Record:          {"record", "O12 12 8.5O12 12 3O12 12 1.2", false},
	Screenshot:      {"screenshot", "M4 8V4H8M16 4H20V8M20 16V20H16M8 20H4V16O12 12 2.8", false},
	Apps:            {"apps", "R4 4 6 6 1.5R14 4 6 6 1.5R4 14 6 6 1.5R14 14 6 6 1.5", false},
	List:            {"list", "O4.8 6.5 0.5M9 6.5H20O4.8 12 0.5M9 12H20O4.8 17.5 0.5M9 17.5H20", true},
	Workspaces:      {"workspaces", "R3.5 5.5 7.5 13 1.5R13 5.5 7.5 13 1.5", false},
	Clock:           {"clock", "O12 12 8.5M12 7V12L15.3 14", false},
	Calendar:        {"calendar", "R4 5.5 16 15 2M4 10.2H20M8 3.5V7M16 3.5V7", false},
	Star:            {"star", "M12 3.6L14.6 9L20.5 9.7L16.2 13.7L17.3 19.6L12 16.7L6.7 19.6L7.8 13.7L3.5 9.7L9.4 9Z", false},
	Pin:             {"pin", "M9 3.8H15L14.2 9.8L17.5 13.5H6.5L9.8 9.8ZM12 13.5V20.5", false},
	Eye:             {"eye", "M2.5 12C4.5 8 8 5.8 12 5.8C16 5.8 19.5 8 21.5 12C19.5 16 16 18.2 12 18.2C8 18.2 4.5 16 2.5 12ZO12 12 2.8", false},
	EyeOff:          {"eye-off", "M9 6.2C10 5.9 11 5.8 12 5.8C16 5.8 19.5 8 21.5 12C20.8 13.4 20 14.5 19 15.5M15.8 17.6C14.6 18 13.3 18.2 12 18.2C8 18.2 4.5 16 2.5 12C3.5 10 4.8 8.5 6.4 7.4" + slash, false},
	Filter:          {"filter", "M4 5H20L14 12.5V19.5L10 17V12.5Z", false},
	Globe:           {"globe", "O12 12 8.5M3.5 12H20.5M12 3.5C14.8 6.3 15.8 9.2 15.8 12C15.8 14.8 14.8 17.7 12 20.5C9.2 17.7 8.2 14.8 8.2 12C8.2 9.2 9.2 6.3 12 3.5Z", false},
	Machine:         {"machine", "M12 3L20 7.5V16.5L12 21L4 16.5V7.5ZM4 7.5L12 12L20 7.5M12 12V21", false},
	Processor:       {"processor", "R6 6 12 12 2R9.5 9.5 5 5 1M9 3V6M15 3V6M9 18V21M15 18V21M3 9H6M3 15H6M18 9H21M18 15H21", false},
	Drive:           {"drive", "R3.5 6 17 12 2M3.5 13H20.5O16.8 15.5 0.4", false},
	Bolt:            {"bolt", "M13 3L5.5 13.5H11.2L10.5 21L18.5 10H12.3Z", false},
	Shield:          {"shield", "M12 3.5L19 6V12C19 16 16.2 19 12 20.5C7.8 19 5 16 5 12V6Z", false},
	Password:        {"password", "O8 16 4M11 13L20 4M16.2 7.8L19.2 10.8", false},
	Sparkle:         {"sparkle", "M11 4.5L12.7 10.3L18.5 12L12.7 13.7L11 19.5L9.3 13.7L3.5 12L9.3 10.3ZM19 3.5V7.5M17 5.5H21", false},
	Chat:            {"chat", "M4 5H20V16.5H11.5L7 20.5V16.5H4Z", true},
	Send:            {"send", "M4 4.5L20.5 12L4 19.5L7 12ZM7 12H20.5", true},
	Handle:          {"handle", "O9 6 0.6O15 6 0.6O9 12 0.6O15 12 0.6O9 18 0.6O15 18 0.6", false},
	Code:            {"code", "M8 6.5L3 12L8 17.5M16 6.5L21 12L16 17.5M13.5 4.5L10.5 19.5", false},
}

func (n Name) String() string {
	if n >= names {
		return "invalid"
	}
	return set[n].name
}
