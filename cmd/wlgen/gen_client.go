package main

func (g *generator) client(out *buffer, p *protocol) { out.f("package client\n") }
