package render

// MaxPlanes is how many planes a dmabuf has at most.
const MaxPlanes = 4

// Dmabuf is an image in memory of a GPU that another process gave.
type Dmabuf struct {
	W, H     int32
	Format   Format
	Modifier uint64 // how pixels lie in memory (drm_fourcc.h)
	Planes   []Plane
}

// Plane is a part of a Dmabuf. Its descriptor is borrowed.
type Plane struct {
	FD             int
	Offset, Stride uint32 // bytes
}

// DmabufFormat is a format and a modifier that go together.
type DmabufFormat struct {
	Format   Format
	Modifier uint64
}

// DmabufImporter is a Renderer that can draw memory of a GPU.
type DmabufImporter interface {
	// DmabufFormats lists what ImportDmabuf accepts, the preferred ones first;
	// nothing when it accepts nothing.
	DmabufFormats() []DmabufFormat
	// DmabufDevice is the number of the device file (dev_t) of the GPU.
	DmabufDevice() uint64
	// ImportDmabuf makes a texture that shows the memory as it is when it is
	// drawn. The texture can't be updated.
	ImportDmabuf(d *Dmabuf) (Texture, error)
}
