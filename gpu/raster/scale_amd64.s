// Resampling and turning.

#include "textflag.h"
#include "kernel_amd64.h"

DATA backwards<>+0(SB)/4, $7
DATA backwards<>+4(SB)/4, $6
DATA backwards<>+8(SB)/4, $5
DATA backwards<>+12(SB)/4, $4
DATA backwards<>+16(SB)/4, $3
DATA backwards<>+20(SB)/4, $2
DATA backwards<>+24(SB)/4, $1
DATA backwards<>+28(SB)/4, $0
GLOBL backwards<>(SB), RODATA|NOPTR, $32

// func reverseAVX2(dst, src *uint32, n int)
TEXT ·reverseAVX2(SB), NOSPLIT, $0-24
	MOVQ    dst+0(FP), DI
	MOVQ    src+8(FP), SI
	MOVQ    n+16(FP), CX
	VMOVDQU backwards<>(SB), Y15

loop:
	VPERMD  -32(SI)(CX*4), Y15, Y0
	VMOVDQU Y0, (DI)
	ADDQ    $32, DI
	SUBQ    $8, CX
	JNZ     loop
	VZEROUPPER
	RET

// func gatherAVX2(dst, src *uint32, idx *int32, n int, or uint32)
//
// Plain loads: on most CPUs they are as fast as VPGATHERDD, on some much
// faster.
TEXT ·gatherAVX2(SB), NOSPLIT, $0-36
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ idx+16(FP), DX
	MOVQ n+24(FP), CX
	MOVL or+32(FP), R15

loop:
	MOVL (DX), AX
	MOVL 4(DX), BX
	MOVL 8(DX), R8
	MOVL 12(DX), R9
	MOVL 16(DX), R10
	MOVL 20(DX), R11
	MOVL 24(DX), R12
	MOVL 28(DX), R13
	MOVL (SI)(AX*4), AX
	MOVL (SI)(BX*4), BX
	MOVL (SI)(R8*4), R8
	MOVL (SI)(R9*4), R9
	MOVL (SI)(R10*4), R10
	MOVL (SI)(R11*4), R11
	MOVL (SI)(R12*4), R12
	MOVL (SI)(R13*4), R13
	ORL  R15, AX
	MOVL AX, (DI)
	ORL  R15, BX
	MOVL BX, 4(DI)
	ORL  R15, R8
	MOVL R8, 8(DI)
	ORL  R15, R9
	MOVL R9, 12(DI)
	ORL  R15, R10
	MOVL R10, 16(DI)
	ORL  R15, R11
	MOVL R11, 20(DI)
	ORL  R15, R12
	MOVL R12, 24(DI)
	ORL  R15, R13
	MOVL R13, 28(DI)
	ADDQ $32, DX
	ADDQ $32, DI
	SUBQ $8, CX
	JNZ  loop
	RET

// Y0 = lerp of the pixels Y4 and Y5 with the word weights Y8 (pixels 0, 1, 4,
// 5) and Y9 (2, 3, 6, 7). Uses Y0 to Y3, Y6, Y7; wants Y12 = 0, Y13 = 128.
#define LERP \
	VPUNPCKLBW Y12, Y4, Y0 \
	VPUNPCKHBW Y12, Y4, Y1 \
	VPUNPCKLBW Y12, Y5, Y2 \
	VPUNPCKHBW Y12, Y5, Y3 \
	VPUNPCKLBW Y4, Y12, Y6 \
	VPUNPCKHBW Y4, Y12, Y7 \
	VPSUBW     Y0, Y2, Y2  \
	VPSUBW     Y1, Y3, Y3  \
	VPMULLW    Y8, Y2, Y2  \
	VPMULLW    Y9, Y3, Y3  \
	VPADDW     Y13, Y6, Y6 \
	VPADDW     Y13, Y7, Y7 \
	VPADDW     Y6, Y2, Y2  \
	VPADDW     Y7, Y3, Y3  \
	VPSRLW     $8, Y2, Y2  \
	VPSRLW     $8, Y3, Y3  \
	VPACKUSWB Y3, Y2, Y0

// func gatherLerpAVX2(dst, src *uint32, idx *int32, w *uint32, n int)
TEXT ·gatherLerpAVX2(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ idx+16(FP), DX
	MOVQ w+24(FP), R14
	MOVQ n+32(FP), CX
	DIV255_CONSTANTS

loop:
	MOVL        (DX), AX
	MOVL        4(DX), BX
	MOVL        8(DX), R8
	MOVL        12(DX), R9
	MOVL        16(DX), R10
	MOVL        20(DX), R11
	MOVL        24(DX), R12
	MOVL        28(DX), R13
	VMOVQ       (SI)(AX*4), X0
	VMOVQ       (SI)(R8*4), X1
	VMOVQ       (SI)(R10*4), X2
	VMOVQ       (SI)(R12*4), X3
	VMOVHPS     (SI)(BX*4), X0, X0
	VMOVHPS     (SI)(R9*4), X1, X1
	VMOVHPS     (SI)(R11*4), X2, X2
	VMOVHPS     (SI)(R13*4), X3, X3
	VINSERTI128 $1, X2, Y0, Y0
	VINSERTI128 $1, X3, Y1, Y1
	VSHUFPS     $0x88, Y1, Y0, Y4   // the first pixel of each pair
	VSHUFPS     $0xdd, Y1, Y0, Y5   // the second
	VMOVDQU     (R14), Y1
	VPUNPCKLDQ  Y1, Y1, Y8
	VPUNPCKHDQ  Y1, Y1, Y9
	LERP
	VMOVDQU     Y0, (DI)
	ADDQ        $32, DX
	ADDQ        $32, R14
	ADDQ        $32, DI
	SUBQ        $8, CX
	JNZ         loop
	VZEROUPPER
	RET

// func lerpAVX2(dst, a, b *uint32, n int, w uint32)
TEXT ·lerpAVX2(SB), NOSPLIT, $0-36
	MOVQ         dst+0(FP), DI
	MOVQ         a+8(FP), SI
	MOVQ         b+16(FP), DX
	MOVQ         n+24(FP), CX
	MOVL         w+32(FP), AX
	VMOVD        AX, X8
	VPBROADCASTW X8, Y8
	VMOVDQA      Y8, Y9
	DIV255_CONSTANTS

loop:
	VMOVDQU (SI), Y4
	VMOVDQU (DX), Y5
	LERP
	VMOVDQU Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DX
	ADDQ    $32, DI
	SUBQ    $8, CX
	JNZ     loop
	VZEROUPPER
	RET

// func accumulateAVX2(acc *uint16, src *uint32, n int, w uint32)
TEXT ·accumulateAVX2(SB), NOSPLIT, $0-28
	MOVQ         acc+0(FP), DI
	MOVQ         src+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVL         w+24(FP), AX
	VMOVD        AX, X15
	VPBROADCASTW X15, Y15

loop:
	VPMOVZXBW (SI), Y0
	VPMOVZXBW 16(SI), Y1
	VPMULLW   Y15, Y0, Y0
	VPMULLW   Y15, Y1, Y1
	VPADDW    (DI), Y0, Y0
	VPADDW    32(DI), Y1, Y1
	VMOVDQU   Y0, (DI)
	VMOVDQU   Y1, 32(DI)
	ADDQ      $32, SI
	ADDQ      $64, DI
	SUBQ      $8, CX
	JNZ       loop
	VZEROUPPER
	RET

// func settleAVX2(dst *uint32, acc *uint16, n int)
TEXT ·settleAVX2(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ acc+8(FP), SI
	MOVQ n+16(FP), CX

loop:
	VMOVDQU   (SI), Y0
	VMOVDQU   32(SI), Y1
	VPSRLW    $8, Y0, Y0
	VPSRLW    $8, Y1, Y1
	VPACKUSWB Y1, Y0, Y0
	VPERMQ    $0xd8, Y0, Y0
	VMOVDQU   Y0, (DI)
	ADDQ      $64, SI
	ADDQ      $32, DI
	SUBQ      $8, CX
	JNZ       loop
	VZEROUPPER
	RET

// The channels of two pixels as words side by side, and byte 1 of each
// doubleword.
DATA pairs<>+0(SB)/8, $0x8005800180048000
DATA pairs<>+8(SB)/8, $0x8007800380068002
GLOBL pairs<>(SB), RODATA|NOPTR, $16

DATA seconds<>+0(SB)/8, $0x808080800d090501
DATA seconds<>+8(SB)/8, $0x8080808080808080
GLOBL seconds<>(SB), RODATA|NOPTR, $16

// func boxAVX2(dst, src *uint32, spans *span, weights *uint16, n int)
TEXT ·boxAVX2(SB), NOSPLIT, $0-40
	MOVQ     dst+0(FP), DI
	MOVQ     src+8(FP), SI
	MOVQ     spans+16(FP), DX
	MOVQ     weights+24(FP), R8
	MOVQ     n+32(FP), CX
	VMOVDQU  pairs<>(SB), X15
	VMOVDQU  seconds<>(SB), X14
	VPCMPEQD X13, X13, X13
	VPSRLD   $31, X13, X13
	VPSLLD   $7, X13, X13       // 128

pixel:
	MOVL    (DX), AX
	MOVL    4(DX), BX
	MOVL    8(DX), R9
	LEAQ    (SI)(AX*4), R10
	LEAQ    (R8)(R9*2), R11
	VMOVDQA X13, X0
	SUBQ    $2, BX
	JLT     single

pair:
	VMOVQ        (R10), X1
	VPBROADCASTD (R11), X2
	VPSHUFB      X15, X1, X1
	VPMADDWD     X2, X1, X1
	VPADDD       X1, X0, X0
	ADDQ         $8, R10
	ADDQ         $4, R11
	SUBQ         $2, BX
	JGE          pair

single:
	CMPQ         BX, $-1
	JNE          store
	VMOVD        (R10), X1
	VPMOVZXBD    X1, X1
	MOVWLZX      (R11), AX
	VMOVD        AX, X2
	VPBROADCASTD X2, X2
	VPMADDWD     X2, X1, X1
	VPADDD       X1, X0, X0

store:
	VPSHUFB X14, X0, X0
	VMOVD   X0, (DI)
	ADDQ    $12, DX
	ADDQ    $4, DI
	DECQ    CX
	JNZ     pixel
	VZEROUPPER
	RET

// Turns four registers that hold, in each lane, four pixels of rows 0 to 3
// (low lane) and 4 to 7 (high lane) and stores four rows, with the bits of Y15,
// at dst.
#define TURN4(dst) \
	VPUNPCKLDQ  Y1, Y0, Y4        \
	VPUNPCKLDQ  Y3, Y2, Y5        \
	VPUNPCKHDQ  Y1, Y0, Y6        \
	VPUNPCKHDQ  Y3, Y2, Y7        \
	VPUNPCKLQDQ Y5, Y4, Y0        \
	VPUNPCKHQDQ Y5, Y4, Y1        \
	VPUNPCKLQDQ Y7, Y6, Y2        \
	VPUNPCKHQDQ Y7, Y6, Y3        \
	VPOR        Y15, Y0, Y0       \
	VPOR        Y15, Y1, Y1       \
	VPOR        Y15, Y2, Y2       \
	VPOR        Y15, Y3, Y3       \
	VMOVDQU     Y0, (dst)         \
	VMOVDQU     Y1, (dst)(R8*1)   \
	VMOVDQU     Y2, (dst)(R8*2)   \
	VMOVDQU     Y3, (dst)(R12*1)

// func transposeAVX2(dst *uint32, ds int, src *uint32, ss, n int, or uint32)
TEXT ·transposeAVX2(SB), NOSPLIT, $0-44
	MOVL         or+40(FP), AX
	VMOVD        AX, X15
	VPBROADCASTD X15, Y15
	MOVQ         dst+0(FP), DI
	MOVQ         ds+8(FP), R8
	MOVQ         src+16(FP), SI
	MOVQ         ss+24(FP), R9
	MOVQ         n+32(FP), CX
	LEAQ         (R8)(R8*2), R12
	LEAQ         (R9)(R9*2), R10
	LEAQ         (SI)(R9*4), DX

loop:
	VMOVDQU     (SI), X0
	VMOVDQU     (SI)(R9*1), X1
	VMOVDQU     (SI)(R9*2), X2
	VMOVDQU     (SI)(R10*1), X3
	VINSERTI128 $1, (DX), Y0, Y0
	VINSERTI128 $1, (DX)(R9*1), Y1, Y1
	VINSERTI128 $1, (DX)(R9*2), Y2, Y2
	VINSERTI128 $1, (DX)(R10*1), Y3, Y3
	TURN4(DI)
	LEAQ        (DI)(R8*4), DI
	VMOVDQU     16(SI), X0
	VMOVDQU     16(SI)(R9*1), X1
	VMOVDQU     16(SI)(R9*2), X2
	VMOVDQU     16(SI)(R10*1), X3
	VINSERTI128 $1, 16(DX), Y0, Y0
	VINSERTI128 $1, 16(DX)(R9*1), Y1, Y1
	VINSERTI128 $1, 16(DX)(R9*2), Y2, Y2
	VINSERTI128 $1, 16(DX)(R10*1), Y3, Y3
	TURN4(DI)
	LEAQ (DI)(R8*4), DI
	ADDQ $32, SI
	ADDQ $32, DX
	SUBQ $8, CX
	JNZ  loop
	VZEROUPPER
	RET
