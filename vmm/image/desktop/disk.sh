# Makes the disk $3 of size $4 with UUID $5 from the archive $1, through the
# folder $2. Runs as root or under fakeroot.
set -eu
mkdir "$2"
tar --numeric-owner --extract --preserve-permissions --file "$1" --directory "$2" --exclude './dev/*'
# Under fakeroot, files without rights are closed to mke2fs as well. Setting
# their mode once more opens them to it, and to nobody in the image.
find "$2" ! -type l ! -perm -u+rw -exec sh -c 'for f; do chmod "$(stat -c %a "$f")" "$f"; done' sh {} +
mke2fs -q -t ext4 -L rayos -U "$5" -m 1 -E "hash_seed=$5,lazy_itable_init=1,root_owner=0:0" -d "$2" "$3" "$4" >&2
rm -rf "$2"
