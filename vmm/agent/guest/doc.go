// Package guest is the inside of a Linux guest: what rayos-agent does. As
// process 1 it brings the system up (mounts, modules, disk, compositor) and
// holds it together; as an ordinary process it only answers.
//
// It speaks two languages: frames with the host over the virtio-serial port
// org.rayos.agent.0 (package agent), and lines on the consoles, for people and
// simple tests: PING is answered by RAYOS_LINUX_AGENT_PONG.
//
// Which system it is, the kernel's command line says: rayos.system=micro or
// desktop.
package guest
