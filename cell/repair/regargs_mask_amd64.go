package repair

// regArgsMask has a bit for each word of internal/abi.RegArgs: 9 integer and 15
// float registers, then 9 that hold pointers.
const (
	regArgsMask  = "\x00\x00\x00\xff\x01"
	regArgsWords = 33
)
