//go:build linux

#include "go_asm.h"
#include "textflag.h"

// func goroutine() uintptr
TEXT ·goroutine(SB), NOSPLIT, $0-8
	MOVQ R14, ret+0(FP)
	RET

// func onFaultAddress() uintptr
TEXT ·onFaultAddress(SB), NOSPLIT, $0-8
	LEAQ ·onFault(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// onFault(signal DI, info SI, thread DX) is in the kernel's calling convention; what
// it returns to restores all registers.
TEXT ·onFault(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	CMPQ 16(SI), $const_closed // si_addr
	JNE  theirs
	SUBQ $40, SP
	MOVQ DI, 16(SP)
	MOVQ SI, 24(SP)
	MOVQ DX, 32(SP)
	MOVQ DX, 0(SP)
	CALL ·passes(SB)
	MOVBLZX 8(SP), AX
	MOVQ 16(SP), DI
	MOVQ 24(SP), SI
	MOVQ 32(SP), DX
	ADDQ $40, SP
	TESTL AX, AX
	JNE  ours
theirs:
	MOVQ ·handler(SB), AX
	JMP  AX
ours:
	RET
