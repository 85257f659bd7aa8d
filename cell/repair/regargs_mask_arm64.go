package repair

// regArgsMask has a bit for each word of internal/abi.RegArgs: 16 integer and 16
// float registers, then 16 that hold pointers.
const (
	regArgsMask  = "\x00\x00\x00\x00\xff\xff"
	regArgsWords = 48
)
