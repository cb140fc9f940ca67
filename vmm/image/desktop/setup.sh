# Unpacks $RAYOS_SETTINGS, an archive in base64, and makes the person and the
# machine's names, in the system below $1.
set -eu
root=$1

printf %s "$RAYOS_SETTINGS" | base64 -d | tar --extract --numeric-owner --directory "$root"
chroot "$root" useradd --create-home --uid 1000 --user-group --groups video,audio --shell /bin/bash rayos
echo rayos >"$root/etc/hostname"
printf '127.0.0.1 localhost rayos\n::1 localhost\n' >"$root/etc/hosts"
: >"$root/etc/machine-id"
ln -sf /run/resolv.conf "$root/etc/resolv.conf"

# Programs that want the machine to end ask the first process, which ends it
# in order. It can't begin it anew.
for name in shutdown poweroff halt; do
	if [ ! -e "$root/usr/sbin/$name" ]; then
		cat >"$root/usr/sbin/$name" <<'STUB'
#!/bin/sh
for word; do
	case $word in
	-r | --reboot) echo "this machine ends, but doesn't start again by itself" >&2; exit 1 ;;
	-c) echo "a shutdown that has begun goes on" >&2; exit 1 ;;
	esac
done
kill -USR2 1
STUB
		chmod 755 "$root/usr/sbin/$name"
	fi
done

# Last, so that it says that all before it is there.
: >"$root/.rayos_desktop_rootfs_ready"
