package surfaces

// ContentType is what a surface shows, as far as its client says.
type ContentType uint8

// Content types, with the values of wp_content_type_v1.type.
const (
	ContentNone ContentType = iota
	ContentPhoto
	ContentVideo
	ContentGame
)

func (c ContentType) String() string {
	return [...]string{"none", "photo", "video", "game"}[c]
}
