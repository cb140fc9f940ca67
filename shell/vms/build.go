package vms

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"rayos/vmm"
	"rayos/vmm/image"
)

// ErrBuilding is returned while another image is being built.
var ErrBuilding = errors.New("another image is being built")

// VMBuild implements control.Machines: it makes the image that a machine boots
// and puts the machine into the registry, or brings one that is there to the
// newest image.
func (s *Supervisor) VMBuild(name string, note func(string), done func(detail string, err error)) {
	if err := s.open(); err != nil {
		done("", err)
		return
	}
	if s.building {
		done("", ErrBuilding)
		return
	}
	s.building = true
	s.beside(func() {
		rec, err := s.build(s.ctx, name, note)
		s.o.Desktop.Post(func() {
			s.building = false
			if err != nil {
				s.o.Marker("RAYOS_HOST_MARKER:VM_BUILD:err:" + printable(err.Error()))
				done("", err)
				return
			}
			m := s.machines[rec.ID]
			if m == nil {
				m = s.add(rec)
			}
			m.state = rec.State
			s.o.Marker("RAYOS_HOST_MARKER:VM_BUILD:ok:" + string(rec.ID))
			done(string(rec.ID), nil)
		})
	})
}

// build runs beside the loop.
func (s *Supervisor) build(ctx context.Context, name string, note func(string)) (vmm.Record, error) {
	if name != "linux-micro" {
		return vmm.Record{}, fmt.Errorf("there is no image %.40q", name)
	}
	root := s.o.Root
	b := image.Builder{
		Cache: filepath.Join(root.Dir, "images"), Agent: s.o.Agent,
		Note: func(step string) {
			s.o.Desktop.Post(func() {
				note(step)
				s.o.Marker("RAYOS_HOST_MARKER:VM_BUILD:progress:" + printable(step))
			})
		},
	}
	sys, err := b.System(ctx)
	if err != nil {
		return vmm.Record{}, err
	}
	rec := vmm.Record{
		ID: vmm.ID(name + "-001"), Name: "Linux micro", Kind: vmm.Linux, State: vmm.Stopped,
		Devices: vmm.Devices{CPUs: 1, MemMiB: 256},
	}
	if rec.Storage.Kernel, err = filepath.Rel(root.Dir, sys.Kernel); err != nil {
		return vmm.Record{}, err
	}
	if rec.Storage.Initrd, err = filepath.Rel(root.Dir, sys.Initrd); err != nil {
		return vmm.Record{}, err
	}
	old, err := s.reg.Get(rec.ID)
	if errors.Is(err, vmm.ErrNoVM) {
		return rec, s.reg.Add(rec)
	}
	if err != nil {
		return vmm.Record{}, err
	}
	if old.State.Alive() || old.State == vmm.Suspended {
		return old, fmt.Errorf("%s is %s: shut it down first", rec.ID, old.State)
	}
	err = s.reg.Update(rec.ID, func(r *vmm.Record) error {
		r.Storage.Kernel, r.Storage.Initrd = rec.Storage.Kernel, rec.Storage.Initrd
		return nil
	})
	return old, err
}
