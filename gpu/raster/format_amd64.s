// Conversion to ARGB8888.

#include "textflag.h"
#include "kernel_amd64.h"

// The first byte of each pixel of a lane, in all its bytes.
DATA firsts<>+0(SB)/8, $0x0404040400000000
DATA firsts<>+8(SB)/8, $0x0c0c0c0c08080808
GLOBL firsts<>(SB), RODATA|NOPTR, $16

// func shuffleAVX2(dst *uint32, src *byte, n int, order, or uint32)
TEXT ·shuffleAVX2(SB), NOSPLIT, $0-32
	MOVQ           dst+0(FP), DI
	MOVQ           src+8(FP), SI
	MOVQ           n+16(FP), CX
	VBROADCASTI128 firsts<>(SB), Y15
	MOVL           order+24(FP), AX
	VMOVD          AX, X14
	VPBROADCASTD   X14, Y14
	VPADDB         Y14, Y15, Y15
	MOVL           or+28(FP), AX
	VMOVD          AX, X14
	VPBROADCASTD   X14, Y14

loop:
	VMOVDQU (SI), Y0
	VPSHUFB Y15, Y0, Y0
	VPOR    Y14, Y0, Y0
	VMOVDQU Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $8, CX
	JNZ     loop
	VZEROUPPER
	RET

// func from565AVX2(dst *uint32, src *byte, n int)
TEXT ·from565AVX2(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	CONSTANT(0xf800, Y15)
	CONSTANT(0xe000, Y14)
	CONSTANT(0x07e0, Y13)
	CONSTANT(0x0600, Y12)
	CONSTANT(0x001f, Y11)
	CONSTANT(0x001c, Y10)
	VPCMPEQD Y9, Y9, Y9
	VPSLLD   $24, Y9, Y9

loop:
	VPMOVZXWD (SI), Y0
	VPAND     Y15, Y0, Y1
	VPAND     Y14, Y0, Y2
	VPAND     Y13, Y0, Y3
	VPAND     Y12, Y0, Y4
	VPAND     Y11, Y0, Y5
	VPAND     Y10, Y0, Y6
	VPSLLD    $8, Y1, Y1
	VPSLLD    $3, Y2, Y2
	VPSLLD    $5, Y3, Y3
	VPSRLD    $1, Y4, Y4
	VPSLLD    $3, Y5, Y5
	VPSRLD    $2, Y6, Y6
	VPOR      Y1, Y2, Y1
	VPOR      Y3, Y4, Y3
	VPOR      Y5, Y6, Y5
	VPOR      Y1, Y3, Y1
	VPOR      Y9, Y5, Y5
	VPOR      Y1, Y5, Y1
	VMOVDQU   Y1, (DI)
	ADDQ      $16, SI
	ADDQ      $32, DI
	SUBQ      $8, CX
	JNZ       loop
	VZEROUPPER
	RET

// The first byte of each 3-byte pixel of a lane, three times.
DATA triples<>+0(SB)/8, $0x8003030380000000
DATA triples<>+8(SB)/8, $0x8009090980060606
GLOBL triples<>(SB), RODATA|NOPTR, $16

// func from888AVX2(dst *uint32, src *byte, n int, order uint32)
TEXT ·from888AVX2(SB), NOSPLIT, $0-28
	MOVQ           dst+0(FP), DI
	MOVQ           src+8(FP), SI
	MOVQ           n+16(FP), CX
	VBROADCASTI128 triples<>(SB), Y14
	MOVL           order+24(FP), AX
	VMOVD          AX, X13
	VPBROADCASTD   X13, Y13
	VPADDB         Y13, Y14, Y14
	ALPHA_MASK

loop:
	VMOVDQU     (SI), X0
	VINSERTI128 $1, 12(SI), Y0, Y0
	VPSHUFB     Y14, Y0, Y0
	VPOR        Y15, Y0, Y0
	VMOVDQU     Y0, (DI)
	ADDQ        $24, SI
	ADDQ        $32, DI
	SUBQ        $8, CX
	JNZ         loop
	VZEROUPPER
	RET

// func from2101010AVX2(dst *uint32, src *byte, n int, red, blue, or uint32)
TEXT ·from2101010AVX2(SB), NOSPLIT, $0-36
	MOVQ         dst+0(FP), DI
	MOVQ         src+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVL         red+24(FP), AX
	VMOVD        AX, X15
	MOVL         blue+28(FP), AX
	VMOVD        AX, X14
	MOVL         or+32(FP), AX
	VMOVD        AX, X13
	VPBROADCASTD X13, Y13
	CONSTANT(85, Y12)

loop:
	VMOVDQU (SI), Y0
	VPSLLD  X15, Y0, Y1
	VPSLLD  $12, Y0, Y2
	VPSLLD  X14, Y0, Y3
	VPSRLD  $30, Y0, Y4
	VPSRLD  $24, Y1, Y1
	VPSRLD  $24, Y2, Y2
	VPSRLD  $24, Y3, Y3
	VPMULLW Y12, Y4, Y4
	VPSLLD  $16, Y1, Y1
	VPSLLD  $8, Y2, Y2
	VPSLLD  $24, Y4, Y4
	VPOR    Y1, Y2, Y1
	VPOR    Y3, Y4, Y3
	VPOR    Y13, Y1, Y1
	VPOR    Y3, Y1, Y1
	VMOVDQU Y1, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $8, CX
	JNZ     loop
	VZEROUPPER
	RET
