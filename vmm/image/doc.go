// Package image builds the systems that machines boot, from Debian packages
// and nothing else:
//
//   - the kernel: vmlinux of Debian's linux-image, and the few modules that a
//     machine of ours has hardware for;
//   - the initramfs: these modules and rayos-agent as /init. By itself it is the
//     system "linux-micro", which is up in seconds;
//   - "linux-desktop": Debian with a Wayland compositor on an ext4 disk.
//
// An image lies in a folder named after what went into it. It is built beside
// its place and renamed when it is whole, with a manifest of SHA-256 sums, so
// that a half-built one is never taken for an image. Needs no root; needs
// apt-get, dpkg-deb and xz, and mmdebstrap for the desktop.
package image
