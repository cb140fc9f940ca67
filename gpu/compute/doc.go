// Package compute is System 1, the reflex engine: large batches of small, equal
// computations, on all CPUs or on a GPU.
//
// An Engine takes tasks (rays through a tree of boxes, searches among vectors,
// comparisons of frames, thumbnails), and puts each where it is done sooner: on the CPU pool, which is the reference, or on a Vulkan adapter
// when one is worth the way. The results are the same bits (see reference.go
// for why), so nobody needs to know where a task went.
//
//	e := compute.Start(compute.Config{GPU: true, Log: log.Printf})
//	defer e.Close()
//	task := &compute.TraceTask{Tree: tree, Rays: rays, Hits: hits}
//	err := e.Do(task, compute.Normal)
//
// Work on a GPU is bounded: a dispatch is a slice of the items that takes 2 to 4
// ms, its workers take items from a counter, never wait for each other, leave
// when none is left or their budget is used up, and the host dispatches the
// rest. Two slices are under way at once. A device that is lost, or doesn't
// answer for a second, is given up; the task begins again on the CPU. A task is
// done when all its results are in the caller's memory, and done once.
//
// Without cgo the package is whole but for the adapters. Nothing of Vulkan is
// loaded before an engine with Config.GPU starts.
package compute
