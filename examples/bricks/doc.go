// Command bricks is a small game: a paddle, a ball and a wall of bricks.
//
// It shows how a program on another toolkit looks on RayOS. Ebitengine speaks
// X11, so the game is a client of Xwayland; nothing in it knows that.
//
// The package board is the game without window or clock. A game, in game.go,
// reads keyboard and mouse, and picture.go draws the board in pixels of the
// screen, so that letters stay crisp in a window of any size and scale.
package main
