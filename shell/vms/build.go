package vms

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"rayos/vmm"
	"rayos/vmm/image"
)

// ErrBuilding is returned while another image is being built.
var ErrBuilding = errors.New("another image is being built")

// blueprints are the machines that are made of each image. Their id is the
// image's name with "-001".
var blueprints = map[string]vmm.Record{
	"linux-micro": {
		Name: "Linux micro", Kind: vmm.Linux, System: vmm.Micro, State: vmm.Stopped,
		Devices: vmm.Devices{CPUs: 1, MemMiB: 256},
	},
	"linux-desktop": {
		Name: "Linux desktop", Kind: vmm.Linux, System: vmm.Desktop, State: vmm.Stopped,
		Devices: vmm.Devices{CPUs: 2, MemMiB: 1024, Network: true},
	},
}

// rootDisk is the file of a desktop's disk, among the machine's disks.
const rootDisk = "root.ext4"

// VMBuild implements control.Machines: it makes the image that a machine boots
// and puts the machine into the registry, or brings one that is there to the
// newest kernel. A disk that is there already is the person's and stays as it
// is.
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
	s.provisions(name)
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

// Building reports whether an image is being made, which the end of the session
// breaks off. It is called on the loop.
func (s *Supervisor) Building() bool { return s.building }

// build runs beside the loop.
func (s *Supervisor) build(ctx context.Context, name string, note func(string)) (vmm.Record, error) {
	rec, ok := blueprints[name]
	if !ok {
		return vmm.Record{}, fmt.Errorf("there is no image %.40q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(blueprints)), " and "))
	}
	rec.ID = vmm.ID(name + "-001")
	if _, err := s.free(rec.ID); err != nil && !errors.Is(err, vmm.ErrNoVM) {
		return vmm.Record{}, err
	}
	b := image.Builder{
		Cache: filepath.Join(s.o.Root.Dir, "images"), Agent: s.o.Agent,
		Note: func(step string) {
			s.o.Desktop.Post(func() {
				note(step)
				s.o.Marker("RAYOS_HOST_MARKER:VM_BUILD:progress:" + printable(step))
			})
		},
	}
	if err := s.fill(ctx, &b, &rec); err != nil {
		return vmm.Record{}, err
	}
	// It took a while, and the machine may have been started meanwhile.
	old, err := s.free(rec.ID)
	if errors.Is(err, vmm.ErrNoVM) {
		if err := s.reg.Add(rec); err != nil {
			return vmm.Record{}, err
		}
		s.prune(&b)
		return rec, nil
	}
	if err != nil {
		return vmm.Record{}, err
	}
	err = s.reg.Update(rec.ID, func(r *vmm.Record) error {
		r.System = rec.System
		r.Storage.Kernel, r.Storage.Initrd = rec.Storage.Kernel, rec.Storage.Initrd
		if r.State == vmm.Absent {
			r.State = vmm.Stopped
		}
		old = *r
		return nil
	})
	if err == nil {
		s.prune(&b)
	}
	return old, err
}

// prune removes images that no machine needs any more. That it can't is no
// reason not to have built one.
func (s *Supervisor) prune(b *image.Builder) {
	var keep []string
	for _, rec := range s.reg.List() {
		for _, rel := range slices.Concat([]string{rec.Storage.Kernel, rec.Storage.Initrd}, slices.Collect(maps.Values(rec.Storage.Disks))) {
			if rel == "" {
				continue
			}
			path, err := s.o.Root.Path(rel)
			if err != nil {
				s.o.Log.Warn("old images stay", "err", err)
				return
			}
			keep = append(keep, path)
		}
	}
	if err := b.Prune(keep); err != nil {
		s.o.Log.Warn("old images stay", "err", err)
	}
}

// free returns a machine whose kernel may be exchanged.
func (s *Supervisor) free(id vmm.ID) (vmm.Record, error) {
	rec, err := s.reg.Get(id)
	if err == nil && (rec.State.Alive() || rec.State == vmm.Suspended) {
		err = fmt.Errorf("%s is %s: shut it down first", id, rec.State)
	}
	return rec, err
}

// fill builds what a machine boots, or finds it built, and names it in its
// record.
func (s *Supervisor) fill(ctx context.Context, b *image.Builder, rec *vmm.Record) error {
	sys, err := b.System(ctx)
	if err != nil {
		return err
	}
	root := s.o.Root
	if rec.Storage.Kernel, err = filepath.Rel(root.Dir, sys.Kernel); err != nil {
		return err
	}
	if rec.Storage.Initrd, err = filepath.Rel(root.Dir, sys.Initrd); err != nil {
		return err
	}
	if rec.System != vmm.Desktop {
		return nil
	}
	desk, err := b.Desktop(ctx)
	if err != nil {
		return err
	}
	b.Note("copying the disk")
	dir := root.VM(rec.Kind, rec.ID)
	rec.Storage.Disks = map[string]string{"root": filepath.Join(dir.Rel, "disk", rootDisk)}
	return image.CopyDisk(dir.Disk(rootDisk), desk.Disk, image.DesktopDisk)
}
