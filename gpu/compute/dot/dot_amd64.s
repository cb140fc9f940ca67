#include "textflag.h"

// Eight times -1, eight times 0: what is loaded from the n-th on masks 8-n.
DATA mask<>+0(SB)/8, $-1
DATA mask<>+8(SB)/8, $-1
DATA mask<>+16(SB)/8, $-1
DATA mask<>+24(SB)/8, $-1
DATA mask<>+32(SB)/8, $0
DATA mask<>+40(SB)/8, $0
DATA mask<>+48(SB)/8, $0
DATA mask<>+56(SB)/8, $0
GLOBL mask<>(SB), RODATA|NOPTR, $64

// func rows4AVX2(dst, q, rows *float32, dim, n int)
// Y0 to Y3 are the eight sums of four rows at R8 to R11. A rest of fewer than
// eight is loaded as zeros beyond it: a sum that isn't -0, as none that began
// with 0 is, stays the same when 0 is added.
TEXT ·rows4AVX2(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ q+8(FP), SI
	MOVQ rows+16(FP), R8
	MOVQ dim+24(FP), DX
	MOVQ n+32(FP), BX

	MOVQ    DX, AX
	ANDQ    $7, AX       // the rest
	LEAQ    mask<>+32(SB), R12
	MOVQ    AX, R13
	SHLQ    $2, R13
	SUBQ    R13, R12
	VMOVUPS (R12), Y10
	MOVQ    DX, R13
	ANDQ    $~7, R13     // what goes in eights
	SHLQ    $2, R13
	SHLQ    $2, DX       // bytes of a row

four:
	LEAQ   (R8)(DX*1), R9
	LEAQ   (R9)(DX*1), R10
	LEAQ   (R10)(DX*1), R11
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	XORQ   CX, CX
	CMPQ   CX, R13
	JGE    rest

eight:
	VMOVUPS (SI)(CX*1), Y4
	VMULPS  (R8)(CX*1), Y4, Y5
	VMULPS  (R9)(CX*1), Y4, Y6
	VMULPS  (R10)(CX*1), Y4, Y7
	VMULPS  (R11)(CX*1), Y4, Y8
	VADDPS  Y5, Y0, Y0
	VADDPS  Y6, Y1, Y1
	VADDPS  Y7, Y2, Y2
	VADDPS  Y8, Y3, Y3
	ADDQ    $32, CX
	CMPQ    CX, R13
	JLT     eight

rest:
	TESTQ      AX, AX
	JZ         sum
	VMASKMOVPS (SI)(CX*1), Y10, Y4
	VMASKMOVPS (R8)(CX*1), Y10, Y5
	VMASKMOVPS (R9)(CX*1), Y10, Y6
	VMASKMOVPS (R10)(CX*1), Y10, Y7
	VMASKMOVPS (R11)(CX*1), Y10, Y8
	VMULPS     Y5, Y4, Y5
	VMULPS     Y6, Y4, Y6
	VMULPS     Y7, Y4, Y7
	VMULPS     Y8, Y4, Y8
	VADDPS     Y5, Y0, Y0
	VADDPS     Y6, Y1, Y1
	VADDPS     Y7, Y2, Y2
	VADDPS     Y8, Y3, Y3

sum:
	// (0+1), (2+3) of two rows in the lower half, (4+5), (6+7) in the upper;
	// then of four rows (0+1)+(2+3) below and (4+5)+(6+7) above.
	VHADDPS      Y1, Y0, Y0
	VHADDPS      Y3, Y2, Y2
	VHADDPS      Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VMOVUPS      X0, (DI)
	ADDQ         $16, DI
	LEAQ         (R11)(DX*1), R8
	SUBQ         $4, BX
	JNZ          four
	VZEROUPPER
	RET
