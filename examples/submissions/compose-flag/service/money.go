package main

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"
)

// Money is an amount in cents. All currencies that we accept have two decimals.
// In JSON it is a number with two decimals, in the database a numeric(12,2); it
// never passes through a float.
type Money int64

// maxMoney is the largest amount that numeric(12,2) holds.
const maxMoney = Money(9_999_999_999_99)

var errMoney = errors.New("want a number with at most two decimals, such as 49.99")

// ParseMoney reads a plain decimal such as 50, 50.5 or -3.25.
func ParseMoney(text string) (Money, error) {
	digits, negative := strings.CutPrefix(text, "-")
	units, cents, point := strings.Cut(digits, ".")
	if units == "" || len(units) > 10 || (point && cents == "") || len(cents) > 2 {
		return 0, errMoney
	}
	n, err := strconv.ParseUint(units+(cents + "00")[:2], 10, 63)
	if err != nil {
		return 0, errMoney
	}
	if negative {
		return -Money(n), nil
	}
	return Money(n), nil
}

// String writes the amount with two decimals.
func (m Money) String() string {
	sign, n := "", int64(m)
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

// MarshalJSON writes a JSON number with two decimals.
func (m Money) MarshalJSON() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalJSON reads a JSON number; quoted numbers and exponents are refused.
func (m *Money) UnmarshalJSON(data []byte) error {
	parsed, err := ParseMoney(string(data))
	if err != nil {
		return fmt.Errorf("amount %s: %w", data, err)
	}
	*m = parsed
	return nil
}

// NumericValue gives pgx the exact decimal.
func (m Money) NumericValue() (pgtype.Numeric, error) {
	return pgtype.Numeric{Int: big.NewInt(int64(m)), Exp: -2, Valid: true}, nil
}

// ScanNumeric takes the exact decimal from pgx.
func (m *Money) ScanNumeric(n pgtype.Numeric) error {
	if !n.Valid || n.NaN || n.InfinityModifier != pgtype.Finite {
		return errors.New("amount in the database is not a number")
	}
	cents := new(big.Int).Set(n.Int)
	for exp := n.Exp; exp > -2; exp-- {
		cents.Mul(cents, big.NewInt(10))
	}
	for exp := n.Exp; exp < -2; exp++ {
		if _, rest := cents.QuoRem(cents, big.NewInt(10), new(big.Int)); rest.Sign() != 0 {
			return errors.New("amount in the database has fractions of a cent")
		}
	}
	if !cents.IsInt64() {
		return errors.New("amount in the database is out of range")
	}
	*m = Money(cents.Int64())
	return nil
}
