// Package vmm knows the virtual machines of a person: which there are, where
// their files lie, what they may do and where in their life they are. It runs
// none of them: vmm/host does, in a process of its own for each.
//
// # Data root
//
// Everything lies below one folder ([Root]), $RAYOS_DATA or
// $XDG_STATE_HOME/rayos:
//
//	policy/rayos-policy.toml        what machines may do, written by a person
//	vm/registry.json                the machines, written by the supervisor
//	vm/<kind>/<id>/disk/            disks; nothing here ever deletes one
//	vm/<kind>/<id>/state/           saved states, firmware variables, TPM
//	vm/<kind>/<id>/logs/
//	vm/<kind>/<id>/run/             sockets and locks, mode 0700
//
// # Invariants
//
//   - The registry has one writer, who holds a lock as long as it is open. A
//     change is on the disk before Update returns; a crash at any step leaves
//     the old or the new file.
//   - What can't be understood is not guessed: an unknown version or a broken
//     file opens no registry, and the files stay as they are.
//   - Policy only takes away. A machine gets the smaller of what the registry
//     asks for and what the policy allows; no network unless it says so.
//   - A state changes by one table ([State.After]).
//
// # Example
//
//	root, err := vmm.DefaultRoot(os.Getenv)
//	policy, err := vmm.LoadPolicy(root.Policy())
//	reg, err := vmm.OpenRegistry(root)
//	defer reg.Close()
//	for _, rec := range reg.List() {
//		fmt.Println(rec.ID, rec.State, policy.Effective(rec).MemMiB)
//	}
package vmm
