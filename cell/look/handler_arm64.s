//go:build linux

#include "go_asm.h"
#include "textflag.h"

// func goroutine() uintptr
TEXT ·goroutine(SB), NOSPLIT, $0-8
	MOVD g, ret+0(FP)
	RET

// func onFaultAddress() uintptr
TEXT ·onFaultAddress(SB), NOSPLIT, $0-8
	MOVD $·onFault(SB), R0
	MOVD R0, ret+0(FP)
	RET

// onFault(signal R0, info R1, thread R2) is in the kernel's calling convention; what
// it returns to restores all registers.
TEXT ·onFault(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	MOVD 16(R1), R3 // si_addr
	MOVD $const_closed, R4
	CMP  R3, R4
	BNE  theirs
	SUB  $64, RSP
	MOVD R0, 24(RSP)
	MOVD R1, 32(RSP)
	MOVD R2, 40(RSP)
	MOVD R30, 48(RSP)
	MOVD R2, 8(RSP)
	CALL ·passes(SB)
	MOVBU 16(RSP), R4
	MOVD 24(RSP), R0
	MOVD 32(RSP), R1
	MOVD 40(RSP), R2
	MOVD 48(RSP), R30
	ADD  $64, RSP
	CBNZ R4, ours
theirs:
	MOVD ·handler(SB), R3
	JMP  (R3)
ours:
	RET
