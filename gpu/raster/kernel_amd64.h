// What the AVX2 kernels share. Counts are in pixels, positive and, where not
// said otherwise, multiples of 8. Nothing is aligned. The arithmetic is that
// of kernel_go.go:
//
//	t/255 rounded, t ≤ 255·255:  ((t+128)·257) >> 16, one VPADDW and one VPMULHUW
//	lerp:                        (a·256 + (b−a)·w + 128) >> 8, where the wrapping
//	                             16-bit product and sums come out exact

// Y15 = alphaMask in each pixel.
#define ALPHA_MASK \
	VPCMPEQD Y15, Y15, Y15 \
	VPSLLD   $24, Y15, Y15

// Y14 = 257, Y13 = 128 in each word, Y12 = 0.
#define DIV255_CONSTANTS \
	VPXOR    Y12, Y12, Y12  \
	VPCMPEQW Y14, Y14, Y14  \
	VPABSW   Y14, Y14       \
	VPSLLW   $7, Y14, Y13   \
	VPSLLW   $8, Y14, Y0    \
	VPOR     Y0, Y14, Y14

// Words of x and y divided by 255.
#define DIV255(x, y) \
	VPADDW   Y13, x, x \
	VPADDW   Y13, y, y \
	VPMULHUW Y14, x, x \
	VPMULHUW Y14, y, y

// CONSTANT sets each doubleword of dst to v. It uses AX and Y0.
#define CONSTANT(v, dst) \
	MOVL         $v, AX  \
	VMOVD        AX, X0  \
	VPBROADCASTD X0, dst
