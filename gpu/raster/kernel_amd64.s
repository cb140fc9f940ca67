#include "textflag.h"

// AVX2 kernels. Counts are in pixels, positive and, where not said otherwise,
// multiples of 8. Nothing is aligned. The arithmetic is that of kernel_go.go:
//
//	t/255 rounded, t ≤ 255·255:  ((t+128)·257) >> 16, one VPADDW and one VPMULHUW
//	lerp:                        (a·256 + (b−a)·w + 128) >> 8, where the wrapping
//	                             16-bit product and sums come out exact

// Y15 = alphaMask in each pixel.
#define ALPHA_MASK \
	VPCMPEQD Y15, Y15, Y15 \
	VPSLLD $24, Y15, Y15

// Y14 = 257, Y13 = 128 in each word, Y12 = 0.
#define DIV255_CONSTANTS \
	VPXOR    Y12, Y12, Y12  \
	VPCMPEQW Y14, Y14, Y14  \
	VPABSW   Y14, Y14       \
	VPSLLW   $7, Y14, Y13   \
	VPSLLW   $8, Y14, Y0    \
	VPOR Y0, Y14, Y14

// Words of x and y divided by 255.
#define DIV255(x, y) \
	VPADDW   Y13, x, x \
	VPADDW   Y13, y, y \
	VPMULHUW Y14, x, x \
	VPMULHUW Y14, y, y

// Moves the bytes of pixels 0, 1 (4, 5 in the high lane) to the words of one
// register and those of pixels 2, 3 (6, 7) to another, alpha in all four words.
DATA alphaLow<>+0(SB)/8, $0x8003800380038003
DATA alphaLow<>+8(SB)/8, $0x8007800780078007
DATA alphaLow<>+16(SB)/8, $0x8003800380038003
DATA alphaLow<>+24(SB)/8, $0x8007800780078007
GLOBL alphaLow<>(SB), RODATA|NOPTR, $32

DATA alphaHigh<>+0(SB)/8, $0x800b800b800b800b
DATA alphaHigh<>+8(SB)/8, $0x800f800f800f800f
DATA alphaHigh<>+16(SB)/8, $0x800b800b800b800b
DATA alphaHigh<>+24(SB)/8, $0x800f800f800f800f
GLOBL alphaHigh<>(SB), RODATA|NOPTR, $32

// func opaqueAVX2(dst, src *uint32, n int)
TEXT ·opaqueAVX2(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	ALPHA_MASK
	SUBQ $32, CX
	JLT  rest

loop:
	VPOR    (SI), Y15, Y0
	VPOR    32(SI), Y15, Y1
	VPOR    64(SI), Y15, Y2
	VPOR    96(SI), Y15, Y3
	VMOVDQU Y0, (DI)
	VMOVDQU Y1, 32(DI)
	VMOVDQU Y2, 64(DI)
	VMOVDQU Y3, 96(DI)
	ADDQ    $128, SI
	ADDQ    $128, DI
	SUBQ    $32, CX
	JGE     loop

rest:
	ADDQ $32, CX
	JZ   done

eight:
	VPOR    (SI), Y15, Y0
	VMOVDQU Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $8, CX
	JNZ     eight

done:
	VZEROUPPER
	RET

// func streamAVX2(dst, src *uint32, n int)
//
// opaqueAVX2 past the cache: dst is aligned to 32 bytes and n a multiple of 32.
TEXT ·streamAVX2(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	ALPHA_MASK

loop:
	VPOR     (SI), Y15, Y0
	VPOR     32(SI), Y15, Y1
	VPOR     64(SI), Y15, Y2
	VPOR     96(SI), Y15, Y3
	VMOVNTDQ Y0, (DI)
	VMOVNTDQ Y1, 32(DI)
	VMOVNTDQ Y2, 64(DI)
	VMOVNTDQ Y3, 96(DI)
	ADDQ     $128, SI
	ADDQ     $128, DI
	SUBQ     $32, CX
	JNZ      loop
	SFENCE
	VZEROUPPER
	RET

// func overAVX2(dst, src *uint32, n int)
TEXT ·overAVX2(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	DIV255_CONSTANTS
	ALPHA_MASK
	VMOVDQU  alphaLow<>(SB), Y11
	VMOVDQU  alphaHigh<>(SB), Y10
	VPCMPEQD Y9, Y9, Y9

loop:
	VMOVDQU    (SI), Y0
	VPTEST     Y15, Y0
	JCS        store       // eight opaque pixels
	VPTEST     Y0, Y0
	JZ         next        // eight empty pixels
	VMOVDQU    (DI), Y1
	VPXOR      Y9, Y0, Y2  // 255-s
	VPSHUFB    Y11, Y2, Y3
	VPSHUFB    Y10, Y2, Y4
	VPUNPCKLBW Y12, Y1, Y5
	VPUNPCKHBW Y12, Y1, Y6
	VPMULLW    Y3, Y5, Y5
	VPMULLW    Y4, Y6, Y6
	DIV255(Y5, Y6)
	VPACKUSWB Y6, Y5, Y5
	VPADDUSB  Y5, Y0, Y0

store:
	VMOVDQU Y0, (DI)

next:
	ADDQ $32, SI
	ADDQ $32, DI
	SUBQ $8, CX
	JNZ  loop
	VZEROUPPER
	RET

// func overAlphaAVX2(dst, src *uint32, n int, alpha, or uint32)
TEXT ·overAlphaAVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	DIV255_CONSTANTS
	MOVL         alpha+24(FP), AX
	VMOVD        AX, X11
	VPBROADCASTW X11, Y11
	MOVL         or+28(FP), AX
	VMOVD        AX, X10
	VPBROADCASTD X10, Y10
	VPCMPEQW     Y9, Y9, Y9
	VPSRLW       $8, Y9, Y9       // 255 in each word

loop:
	VPOR       (SI), Y10, Y0
	VPTEST     Y0, Y0
	JZ         next
	VPUNPCKLBW Y12, Y0, Y1
	VPUNPCKHBW Y12, Y0, Y2
	VPMULLW    Y11, Y1, Y1
	VPMULLW    Y11, Y2, Y2
	DIV255(Y1, Y2)
	VPSHUFLW   $0xff, Y1, Y3
	VPSHUFLW   $0xff, Y2, Y4
	VPSHUFHW   $0xff, Y3, Y3
	VPSHUFHW   $0xff, Y4, Y4
	VPSUBW     Y3, Y9, Y3
	VPSUBW     Y4, Y9, Y4
	VMOVDQU    (DI), Y7
	VPUNPCKLBW Y12, Y7, Y5
	VPUNPCKHBW Y12, Y7, Y6
	VPMULLW    Y3, Y5, Y5
	VPMULLW    Y4, Y6, Y6
	DIV255(Y5, Y6)
	VPACKUSWB Y2, Y1, Y1
	VPACKUSWB Y6, Y5, Y5
	VPADDUSB  Y5, Y1, Y1
	VMOVDQU   Y1, (DI)

next:
	ADDQ $32, SI
	ADDQ $32, DI
	SUBQ $8, CX
	JNZ  loop
	VZEROUPPER
	RET

// func fillAVX2(dst *uint32, n int, c uint32)
TEXT ·fillAVX2(SB), NOSPLIT, $0-20
	MOVQ         dst+0(FP), DI
	MOVQ         n+8(FP), CX
	MOVL         c+16(FP), AX
	VMOVD        AX, X0
	VPBROADCASTD X0, Y0
	SUBQ         $32, CX
	JLT          rest

loop:
	VMOVDQU Y0, (DI)
	VMOVDQU Y0, 32(DI)
	VMOVDQU Y0, 64(DI)
	VMOVDQU Y0, 96(DI)
	ADDQ    $128, DI
	SUBQ    $32, CX
	JGE     loop

rest:
	ADDQ $32, CX
	JZ   done

eight:
	VMOVDQU Y0, (DI)
	ADDQ    $32, DI
	SUBQ    $8, CX
	JNZ     eight

done:
	VZEROUPPER
	RET

// func fillOverAVX2(dst *uint32, n int, c uint32)
TEXT ·fillOverAVX2(SB), NOSPLIT, $0-20
	MOVQ dst+0(FP), DI
	MOVQ n+8(FP), CX
	DIV255_CONSTANTS
	MOVL         c+16(FP), AX
	VMOVD        AX, X11
	VPBROADCASTD X11, Y11
	SHRL         $24, AX
	NEGL         AX
	ADDL         $255, AX
	VMOVD        AX, X10
	VPBROADCASTW X10, Y10

loop:
	VMOVDQU    (DI), Y0
	VPUNPCKLBW Y12, Y0, Y1
	VPUNPCKHBW Y12, Y0, Y2
	VPMULLW    Y10, Y1, Y1
	VPMULLW    Y10, Y2, Y2
	DIV255(Y1, Y2)
	VPACKUSWB Y2, Y1, Y1
	VPADDUSB  Y11, Y1, Y1
	VMOVDQU   Y1, (DI)
	ADDQ      $32, DI
	SUBQ      $8, CX
	JNZ       loop
	VZEROUPPER
	RET

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

// func gatherAVX2(dst, src *uint32, idx *int32, n int)
//
// Plain loads: on most CPUs they are as fast as VPGATHERDD, on some much
// faster.
TEXT ·gatherAVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ idx+16(FP), DX
	MOVQ n+24(FP), CX

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
	MOVL AX, (DI)
	MOVL BX, 4(DI)
	MOVL R8, 8(DI)
	MOVL R9, 12(DI)
	MOVL R10, 16(DI)
	MOVL R11, 20(DI)
	MOVL R12, 24(DI)
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
	VMOVDQU Y3, (dst)(R12*1)

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

// CONSTANT sets each doubleword of dst to v. It uses AX and Y0.
#define CONSTANT(v, dst) \
	MOVL         $v, AX  \
	VMOVD        AX, X0  \
	VPBROADCASTD X0, dst

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
