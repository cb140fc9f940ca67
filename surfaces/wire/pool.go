package wire

// maxPooled is how many ended objects of an interface a connection keeps.
const maxPooled = 64

// recyclable is implemented by objects that keep nothing of their last life
// once Reset was called.
type recyclable interface {
	Object
	Reset()
}

// pools keeps ended objects for reuse, by Interface.Pool.
type pools [][]Object

func (p pools) get(iface *Interface) Object {
	if iface.Pool >= len(p) {
		return nil
	}
	list := p[iface.Pool]
	if len(list) == 0 {
		return nil
	}
	o := list[len(list)-1]
	p[iface.Pool] = list[:len(list)-1]
	return o
}

func (p *pools) put(o recyclable) {
	n := o.core().iface.Pool
	if n == 0 {
		return
	}
	for n >= len(*p) {
		*p = append(*p, nil)
	}
	if list := (*p)[n]; len(list) < maxPooled {
		o.Reset()
		(*p)[n] = append(list, o)
	}
}
