#include "textflag.h"

// func methodFrame() (object, rodata uintptr)
TEXT ·methodFrame(SB), NOSPLIT, $0-16
	LEAQ runtime·methodValueCallFrameObjs(SB), AX
	MOVQ AX, object+0(FP)
	LEAQ runtime·rodata(SB), AX
	MOVQ AX, rodata+8(FP)
	LEAQ ·addmoduledata(SB), AX
	LEAQ ·grow(SB), AX
	RET

// addmoduledata is the run-time's, which only plugins need, for cells that are bound
// to the worker.
TEXT ·addmoduledata(SB), NOSPLIT|NOFRAME, $0-0
	JMP runtime·addmoduledata(SB)

// grow stands for runtime.morestack_noctxt in cells that are bound to the worker.
// Functions call it first of all where their stack is too small, or where the run-time
// has put stackPreempt (-1314) in the place of its limit. It is called again and again
// while a goroutine computes, so that is the moment to look whether the cell is to stop:
// then it takes the place of the function that was about to begin, and panics. The
// function has its arguments in memory by then, so registers are free.
TEXT ·grow(SB), NOSPLIT|NOFRAME, $0-0
	CMPQ 16(R14), $-1314
	JEQ  asked
	JMP  runtime·morestack_noctxt(SB)
asked:
	PUSHQ $0
	CALL  ·mustStop(SB) // gives way to other goroutines, as the run-time wants
	POPQ  AX            // its result
	TESTB AX, AX
	JNE   stopping
	RET                 // the function begins again
stopping:
	POPQ AX             // the way back into the function
	JMP  ·stop(SB)
