package vec

func dotGo(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		x, y := a[i:i+4:i+4], b[i:i+4:i+4]
		s0 += float32(x[0] * y[0])
		s1 += float32(x[1] * y[1])
		s2 += float32(x[2] * y[2])
		s3 += float32(x[3] * y[3])
	}
	for ; i < len(a); i++ {
		s0 += float32(a[i] * b[i])
	}
	return (s0 + s1) + (s2 + s3)
}

func dot8Go(a, b []int8) int32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 int32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		x, y := a[i:i+4:i+4], b[i:i+4:i+4]
		s0 += int32(x[0]) * int32(y[0])
		s1 += int32(x[1]) * int32(y[1])
		s2 += int32(x[2]) * int32(y[2])
		s3 += int32(x[3]) * int32(y[3])
	}
	for ; i < len(a); i++ {
		s0 += int32(a[i]) * int32(b[i])
	}
	return s0 + s1 + s2 + s3
}

func dot16Go(q []int16, row []int8) int32 {
	row = row[:len(q)]
	var s0, s1, s2, s3 int32
	i := 0
	for ; i+4 <= len(q); i += 4 {
		x, y := q[i:i+4:i+4], row[i:i+4:i+4]
		s0 += int32(x[0]) * int32(y[0])
		s1 += int32(x[1]) * int32(y[1])
		s2 += int32(x[2]) * int32(y[2])
		s3 += int32(x[3]) * int32(y[3])
	}
	for ; i < len(q); i++ {
		s0 += int32(q[i]) * int32(row[i])
	}
	return s0 + s1 + s2 + s3
}

func rowsGo(dst, q, rows []float32, stride int) {
	for i := range dst {
		dst[i] = dotGo(q, rows[i*stride:])
	}
}

func rows16Go(dst []int32, q []int16, rows []int8, stride int) {
	for i := range dst {
		dst[i] = dot16Go(q, rows[i*stride:])
	}
}

func gatherGo(dst, q, rows []float32, stride, n int, ids []uint32) bool {
	for i, id := range ids {
		if int(id) >= n {
			return false
		}
		dst[i] = dotGo(q, rows[int(id)*stride:])
	}
	return true
}

func gather16Go(dst []int32, q []int16, rows []int8, stride, n int, ids []uint32) bool {
	for i, id := range ids {
		if int(id) >= n {
			return false
		}
		dst[i] = dot16Go(q, rows[int(id)*stride:])
	}
	return true
}
