package ledger

import (
	"partnercenter/affiliate/money"
)

func usd(text string) money.Amount { return money.MustParse(text) }
