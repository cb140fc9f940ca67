// Copying, filling and compositing.

#include "textflag.h"
#include "kernel_amd64.h"

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

// func coverAVX2(dst *uint32, cover *uint8, n int, c uint32)
TEXT ·coverAVX2(SB), NOSPLIT, $0-28
	MOVQ dst+0(FP), DI
	MOVQ cover+8(FP), SI
	MOVQ n+16(FP), CX
	DIV255_CONSTANTS
	MOVL         c+24(FP), AX
	VMOVD        AX, X8
	VPBROADCASTD X8, Y8
	VPUNPCKLBW   Y12, Y8, Y8       // the colour's channels in words
	VMOVDQU      alphaLow<>(SB), Y11
	VMOVDQU      alphaHigh<>(SB), Y10
	VPCMPEQW     Y9, Y9, Y9
	VPSRLW       $8, Y9, Y9        // 255 in each word

loop:
	MOVQ       (SI), AX
	TESTQ      AX, AX
	JZ         next                // eight uncovered pixels
	VPMOVZXBD  (SI), Y0
	VPSLLD     $24, Y0, Y0
	VPSHUFB    Y11, Y0, Y1
	VPSHUFB    Y10, Y0, Y2
	VPMULLW    Y8, Y1, Y1
	VPMULLW    Y8, Y2, Y2
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
	VPACKUSWB  Y2, Y1, Y1
	VPACKUSWB  Y6, Y5, Y5
	VPADDUSB   Y5, Y1, Y1
	VMOVDQU    Y1, (DI)

next:
	ADDQ $8, SI
	ADDQ $32, DI
	SUBQ $8, CX
	JNZ  loop
	VZEROUPPER
	RET
