#include "textflag.h"

// func methodFrame() (object, rodata uintptr)
TEXT ·methodFrame(SB), NOSPLIT, $0-16
	LEAQ runtime·methodValueCallFrameObjs(SB), AX
	MOVQ AX, object+0(FP)
	LEAQ runtime·rodata(SB), AX
	MOVQ AX, rodata+8(FP)
	RET
