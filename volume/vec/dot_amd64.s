// Inner products. Lengths are positive multiples of 16 float32 or 32 codes.

#include "textflag.h"

// func Prefetch(p *uint32)
TEXT ·Prefetch(SB), NOSPLIT, $0-8
	MOVQ       p+0(FP), AX
	PREFETCHT0 (AX)
	PREFETCHT0 64(AX)
	RET

// func dotAVX2(a, b *float32, n int) float32
TEXT ·dotAVX2(SB), NOSPLIT, $0-28
	MOVQ   a+0(FP), SI
	MOVQ   b+8(FP), DI
	MOVQ   n+16(FP), CX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	SUBQ   $32, CX
	JLT    rest

loop:
	VMOVUPS     (SI), Y4
	VMOVUPS     32(SI), Y5
	VMOVUPS     64(SI), Y6
	VMOVUPS     96(SI), Y7
	VFMADD231PS (DI), Y4, Y0
	VFMADD231PS 32(DI), Y5, Y1
	VFMADD231PS 64(DI), Y6, Y2
	VFMADD231PS 96(DI), Y7, Y3
	ADDQ        $128, SI
	ADDQ        $128, DI
	SUBQ        $32, CX
	JGE         loop

rest:
	ADDQ        $32, CX
	JZ          sum
	VMOVUPS     (SI), Y4
	VMOVUPS     32(SI), Y5
	VFMADD231PS (DI), Y4, Y0
	VFMADD231PS 32(DI), Y5, Y1

sum:
	VADDPS       Y1, Y0, Y0
	VADDPS       Y3, Y2, Y2
	VADDPS       Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VHADDPS      X0, X0, X0
	VHADDPS      X0, X0, X0
	VMOVSS       X0, ret+24(FP)
	VZEROUPPER
	RET

// func dot8AVX2(a, b *int8, n int) int32
TEXT ·dot8AVX2(SB), NOSPLIT, $0-28
	MOVQ  a+0(FP), SI
	MOVQ  b+8(FP), DI
	MOVQ  n+16(FP), CX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1

loop8:
	VPMOVSXBW (SI), Y2
	VPMOVSXBW 16(SI), Y3
	VPMOVSXBW (DI), Y4
	VPMOVSXBW 16(DI), Y5
	VPMADDWD  Y2, Y4, Y4
	VPMADDWD  Y3, Y5, Y5
	VPADDD    Y4, Y0, Y0
	VPADDD    Y5, Y1, Y1
	ADDQ      $32, SI
	ADDQ      $32, DI
	SUBQ      $32, CX
	JNZ       loop8
	VPADDD    Y1, Y0, Y0

	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VPHADDD      X0, X0, X0
	VPHADDD      X0, X0, X0
	VMOVD        X0, AX
	MOVL         AX, ret+24(FP)
	VZEROUPPER
	RET

// FOUR multiplies the DX bytes at SI with the rows at R8 to R11 and writes four sums to DI. It uses AX and Y0 to Y9.
#define FOUR(loop) \
	VXORPS       Y0, Y0, Y0          \
	VXORPS       Y1, Y1, Y1          \
	VXORPS       Y2, Y2, Y2          \
	VXORPS       Y3, Y3, Y3          \
	VXORPS       Y4, Y4, Y4          \
	VXORPS       Y5, Y5, Y5          \
	VXORPS       Y6, Y6, Y6          \
	VXORPS       Y7, Y7, Y7          \
	XORL         AX, AX              \
loop: \
	VMOVUPS      (SI)(AX*1), Y8      \
	VMOVUPS      32(SI)(AX*1), Y9    \
	VFMADD231PS  (R8)(AX*1), Y8, Y0  \
	VFMADD231PS  (R9)(AX*1), Y8, Y2  \
	VFMADD231PS  (R10)(AX*1), Y8, Y4 \
	VFMADD231PS  (R11)(AX*1), Y8, Y6 \
	VFMADD231PS  32(R8)(AX*1), Y9, Y1  \
	VFMADD231PS  32(R9)(AX*1), Y9, Y3  \
	VFMADD231PS  32(R10)(AX*1), Y9, Y5 \
	VFMADD231PS  32(R11)(AX*1), Y9, Y7 \
	ADDQ         $64, AX             \
	CMPQ         AX, DX              \
	JLT          loop                \
	VADDPS       Y1, Y0, Y0          \
	VADDPS       Y3, Y2, Y2          \
	VADDPS       Y5, Y4, Y4          \
	VADDPS       Y7, Y6, Y6          \
	VHADDPS      Y2, Y0, Y0          \
	VHADDPS      Y6, Y4, Y4          \
	VHADDPS      Y4, Y0, Y0          \
	VEXTRACTF128 $1, Y0, X1          \
	VADDPS       X1, X0, X0          \
	VMOVUPS      X0, (DI)

// FOUR16 is FOUR for the DX codes of a 16-bit query.
#define FOUR16(loop) \
	VPXOR        Y0, Y0, Y0           \
	VPXOR        Y2, Y2, Y2           \
	VPXOR        Y4, Y4, Y4           \
	VPXOR        Y6, Y6, Y6           \
	XORL         AX, AX               \
loop: \
	VMOVDQU      (SI)(AX*2), Y8       \
	VMOVDQU      32(SI)(AX*2), Y9     \
	VPMOVSXBW    (R8)(AX*1), Y1       \
	VPMOVSXBW    (R9)(AX*1), Y3       \
	VPMOVSXBW    (R10)(AX*1), Y5      \
	VPMOVSXBW    (R11)(AX*1), Y7      \
	VPMADDWD     Y8, Y1, Y1           \
	VPMADDWD     Y8, Y3, Y3           \
	VPMADDWD     Y8, Y5, Y5           \
	VPMADDWD     Y8, Y7, Y7           \
	VPADDD       Y1, Y0, Y0           \
	VPADDD       Y3, Y2, Y2           \
	VPADDD       Y5, Y4, Y4           \
	VPADDD       Y7, Y6, Y6           \
	VPMOVSXBW    16(R8)(AX*1), Y1     \
	VPMOVSXBW    16(R9)(AX*1), Y3     \
	VPMOVSXBW    16(R10)(AX*1), Y5    \
	VPMOVSXBW    16(R11)(AX*1), Y7    \
	VPMADDWD     Y9, Y1, Y1           \
	VPMADDWD     Y9, Y3, Y3           \
	VPMADDWD     Y9, Y5, Y5           \
	VPMADDWD     Y9, Y7, Y7           \
	VPADDD       Y1, Y0, Y0           \
	VPADDD       Y3, Y2, Y2           \
	VPADDD       Y5, Y4, Y4           \
	VPADDD       Y7, Y6, Y6           \
	ADDQ         $32, AX              \
	CMPQ         AX, DX               \
	JLT          loop                 \
	VPHADDD      Y2, Y0, Y0           \
	VPHADDD      Y6, Y4, Y4           \
	VPHADDD      Y4, Y0, Y0           \
	VEXTRACTI128 $1, Y0, X1           \
	VPADDD       X1, X0, X0           \
	VMOVDQU      X0, (DI)

// PICK sets row to the address of the row that the id at off(BX) names, or leaves by bad. R12 are all rows, CX the limit.
#define PICK(off, row, stride, bad) \
	MOVL  off(BX), row        \
	CMPQ  row, CX             \
	JAE   bad                 \
	IMULQ stride, row         \
	ADDQ  R12, row

// AHEAD prefetches the DX bytes of the row that the id at off(BX) names. An id beyond the limit names some address, which a prefetch may.
#define AHEAD(off, stride, loop) \
	MOVL       off(BX), AX    \
	IMULQ      stride, AX     \
	ADDQ       R12, AX        \
	LEAQ       (AX)(R15*1), R8 \
loop: \
	PREFETCHT0 (AX)           \
	ADDQ       $64, AX        \
	CMPQ       AX, R8         \
	JLT        loop

// func rows4AVX2(dst, q, rows *float32, d, stride, n int)
TEXT ·rows4AVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ q+8(FP), SI
	MOVQ rows+16(FP), R8
	MOVQ d+24(FP), DX
	SHLQ $2, DX
	MOVQ stride+32(FP), BX
	MOVQ n+40(FP), CX

group:
	LEAQ (R8)(BX*1), R9
	LEAQ (R8)(BX*2), R10
	LEAQ (R9)(BX*2), R11
	FOUR(rowsloop)
	LEAQ (R8)(BX*4), R8
	ADDQ $16, DI
	SUBQ $4, CX
	JNZ  group
	VZEROUPPER
	RET

// func gather4AVX2(dst, q, rows *float32, d, stride int, ids *uint32, n, limit int) bool
TEXT ·gather4AVX2(SB), NOSPLIT, $0-65
	MOVQ dst+0(FP), DI
	MOVQ q+8(FP), SI
	MOVQ rows+16(FP), R12
	MOVQ d+24(FP), DX
	SHLQ $2, DX
	MOVQ DX, R15
	MOVQ ids+40(FP), BX
	MOVQ n+48(FP), R13
	MOVQ limit+56(FP), CX
	SUBQ $4, R13
	JZ   pick

next:
	AHEAD(16, stride+32(FP), ahead0)
	AHEAD(20, stride+32(FP), ahead1)
	AHEAD(24, stride+32(FP), ahead2)
	AHEAD(28, stride+32(FP), ahead3)

pick:
	PICK(0, R8, stride+32(FP), bad)
	PICK(4, R9, stride+32(FP), bad)
	PICK(8, R10, stride+32(FP), bad)
	PICK(12, R11, stride+32(FP), bad)
	FOUR(gatherloop)
	ADDQ $16, DI
	ADDQ $16, BX
	SUBQ $4, R13
	JGT  next
	JEQ  pick
	MOVB $1, ret+64(FP)
	VZEROUPPER
	RET

bad:
	MOVB $0, ret+64(FP)
	VZEROUPPER
	RET

// func rows16x4AVX2(dst *int32, q *int16, rows *int8, d, stride, n int)
TEXT ·rows16x4AVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ q+8(FP), SI
	MOVQ rows+16(FP), R8
	MOVQ d+24(FP), DX
	MOVQ stride+32(FP), BX
	MOVQ n+40(FP), CX

group16:
	LEAQ (R8)(BX*1), R9
	LEAQ (R8)(BX*2), R10
	LEAQ (R9)(BX*2), R11
	FOUR16(rows16loop)
	LEAQ (R8)(BX*4), R8
	ADDQ $16, DI
	SUBQ $4, CX
	JNZ  group16
	VZEROUPPER
	RET

// func gather16x4AVX2(dst *int32, q *int16, rows *int8, d, stride int, ids *uint32, n, limit int) bool
TEXT ·gather16x4AVX2(SB), NOSPLIT, $0-65
	MOVQ dst+0(FP), DI
	MOVQ q+8(FP), SI
	MOVQ rows+16(FP), R12
	MOVQ d+24(FP), DX
	MOVQ DX, R15
	MOVQ ids+40(FP), BX
	MOVQ n+48(FP), R13
	MOVQ limit+56(FP), CX
	SUBQ $4, R13
	JZ   pick16

next16:
	AHEAD(16, stride+32(FP), ahead16a)
	AHEAD(20, stride+32(FP), ahead16b)
	AHEAD(24, stride+32(FP), ahead16c)
	AHEAD(28, stride+32(FP), ahead16d)

pick16:
	PICK(0, R8, stride+32(FP), bad16)
	PICK(4, R9, stride+32(FP), bad16)
	PICK(8, R10, stride+32(FP), bad16)
	PICK(12, R11, stride+32(FP), bad16)
	FOUR16(gather16loop)
	ADDQ $16, DI
	ADDQ $16, BX
	SUBQ $4, R13
	JGT  next16
	JEQ  pick16
	MOVB $1, ret+64(FP)
	VZEROUPPER
	RET

bad16:
	MOVB $0, ret+64(FP)
	VZEROUPPER
	RET
