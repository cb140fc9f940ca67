// Package rendertest holds every renderer to the contract of package render:
// one table of pictures, hostile and ordinary, and a reference that computes
// what is right from the definition, one pixel at a time.
package rendertest
