package answers

import (
	"rayos/rayapps/lang"
	"rayos/shell/launcher"
)

// question is what is asked in several words, and who answers: ok is false where
// nothing is known. Without reply it is answers.help, which knows all questions.
type question struct {
	name  string
	asks  []string
	said  string // the commonest between bars, to be translated: both are understood
	reply func(*answers) (p launcher.Proposal, ok bool)
}

var questions = []question{
	{"time", []string{"time", "clock", "time is it", "current time", "date", "today", "today's date", "date is it", "time and date"}, lang.M("time|date|what time is it"), (*answers).time},
	{"weekday", []string{"weekday", "day", "day is it", "day of the week", "day of the week is it", "day is today"}, lang.M("weekday|what day is it"), (*answers).weekday},
	{"uptime", []string{"uptime", "how old are you", "how long have you been running", "how long are you running"}, lang.M("uptime|how long have you been running"), (*answers).uptime},
	{"memory", []string{"memory", "mem", "ram", "memory usage", "free memory", "how much memory is free", "how much memory is used"}, lang.M("memory|how much memory is free"), (*answers).memory},
	{"windows", []string{"windows", "open windows", "windows are open", "which windows are open"}, lang.M("open windows|which windows are open"), (*answers).windows},
	{"machines", []string{"machines", "vms", "virtual machines", "machines are running", "which machines are running", "state of the machines"}, lang.M("machines|which machines are running"), (*answers).machines},
	{"devices", []string{"devices", "devices do we have", "devices do i have", "devices are there", "screens", "outputs", "displays are there"}, lang.M("devices|screens"), (*answers).devices},
	{"status", []string{"status", "state", "how are you", "session status"}, lang.M("status|how are you"), (*answers).status},
	{"hello", []string{"hi", "hello", "hey", "hello there", "good morning", "good evening"}, lang.M("hi|hello"), (*answers).hello},
	{"help", []string{"help", "help me", "what can you do", "can you do", "can i say", "what can i say"}, lang.M("help|what can i say"), nil},
	{"system 1", []string{"system 1", "system one", "s1"}, lang.M("system 1"), (*answers).system1},
	{"system 2", []string{"system 2", "system two", "s2"}, lang.M("system 2"), (*answers).system2},
	{"volume", []string{"why is volume not found", "why is the volume not found", "where is the volume", "state of the volume", "documents are known"}, lang.M("documents|which documents are known"), (*answers).volume},
	{"version", []string{"version", "who are you", "what are you", "rayos"}, lang.M("version|who are you"), (*answers).version},
}

// asksFiles are how it is asked how many files there are; the one who knows takes
// his time.
var asksFiles = question{"files", []string{"how many files do i have", "how many files are there", "number of files", "count my files", "files do i have"}, lang.M("how many files do i have|number of files"), nil}

// AsksFiles reports whether a line asks how many files the person has.
func AsksFiles(line string) bool { return among(line, &asksFiles) }

// FilesLine is the answer to that.
func FilesLine(n int) string { return about(lang.T("Files"), lang.Number(n)) }

// begins are words that a question may begin with.
var begins = []string{"what's ", "what is ", "what are ", "what ", "show me ", "tell me ", "the ", "our ", "my ", "your "}
