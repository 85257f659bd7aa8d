#include "textflag.h"

// func methodFrame() (object, rodata uintptr)
TEXT ·methodFrame(SB), NOSPLIT, $0-16
	LEAQ runtime·methodValueCallFrameObjs(SB), AX
	MOVQ AX, object+0(FP)
	LEAQ runtime·rodata(SB), AX
	MOVQ AX, rodata+8(FP)
	LEAQ ·addmoduledata(SB), AX
	RET

// addmoduledata is the run-time's, which only plugins need, for cells that are bound
// to the worker.
TEXT ·addmoduledata(SB), NOSPLIT|NOFRAME, $0-0
	JMP runtime·addmoduledata(SB)
