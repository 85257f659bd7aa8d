#include "textflag.h"

// func methodFrame() (object, rodata uintptr)
TEXT ·methodFrame(SB), NOSPLIT, $0-16
	MOVD $runtime·methodValueCallFrameObjs(SB), R0
	MOVD R0, object+0(FP)
	MOVD $runtime·rodata(SB), R0
	MOVD R0, rodata+8(FP)
	RET
