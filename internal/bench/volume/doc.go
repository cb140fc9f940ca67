// Package volume measures the vector index beside hnswlib, the C++ library of the authors of its method.
package volume
