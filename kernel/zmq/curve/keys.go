package curve

import (
	"crypto/ecdh"
	"crypto/subtle"
	"errors"
	"fmt"
	"math"
	"strings"
)

// Key is a Curve25519 key, public or secret.
type Key = [32]byte

// Keys are a key pair: S and s of the RFC.
type Keys struct {
	Public, Secret Key
}

// textLen is the length of a key's text.
const textLen = 40

var (
	errText = fmt.Errorf("not a key: %d characters of Z85", textLen)
	errPair = errors.New("the public key does not belong to the secret key")
)

// ParseKeys reads a key pair in the form of connection files (Z85, RFC 32) and
// checks that the keys belong together.
func ParseKeys(public, secret string) (*Keys, error) {
	var k Keys
	var err error
	if k.Public, err = parse(public); err != nil {
		return nil, fmt.Errorf("public key: %w", err)
	}
	if k.Secret, err = parse(secret); err != nil {
		return nil, fmt.Errorf("secret key: %w", err)
	}
	s, err := ecdh.X25519().NewPrivateKey(k.Secret[:])
	if err != nil {
		return nil, fmt.Errorf("secret key: %w", err)
	}
	if subtle.ConstantTimeCompare(s.PublicKey().Bytes(), k.Public[:]) != 1 {
		return nil, errPair
	}
	return &k, nil
}

// z85 are the digits of Z85.
const z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"

// parse reads five digits for each four bytes, big end first.
func parse(text string) (k Key, err error) {
	if len(text) != textLen {
		return k, errText
	}
	for i := 0; i < len(k); i += 4 {
		var word uint64
		for _, c := range []byte(text[i/4*5 : i/4*5+5]) {
			digit := strings.IndexByte(z85, c)
			if digit < 0 {
				return Key{}, errText
			}
			word = word*uint64(len(z85)) + uint64(digit)
		}
		if word > math.MaxUint32 {
			return Key{}, errText
		}
		k[i], k[i+1], k[i+2], k[i+3] = byte(word>>24), byte(word>>16), byte(word>>8), byte(word)
	}
	return k, nil
}
