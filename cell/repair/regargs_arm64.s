#include "textflag.h"

// func methodFrame() (object, rodata uintptr)
TEXT ·methodFrame(SB), NOSPLIT, $0-16
	MOVD $runtime·methodValueCallFrameObjs(SB), R0
	MOVD R0, object+0(FP)
	MOVD $runtime·rodata(SB), R0
	MOVD R0, rodata+8(FP)
	MOVD $·addmoduledata(SB), R0
	RET

// addmoduledata is the run-time's, which only plugins need, for cells that are bound
// to the worker.
TEXT ·addmoduledata(SB), NOSPLIT|NOFRAME, $0-0
	JMP runtime·addmoduledata(SB)
