package ledger

// AdminWords is the reason of a commission or journal as admins read it: the
// sentence of a code, or what an admin wrote.
func AdminWords(reason string) string {
	if Reason(reason) == Earned {
		return "The sale was paid." // the code's sentence belongs to a line's trace
	}
	if sentence := Reason(reason).ForAdmin(nil); sentence != "" {
		return sentence
	}
	return reason
}

// PartnerWords is the same for the partner concerned; "" when the matter is
// none of his. What an admin wrote is meant for him.
func PartnerWords(reason string) string {
	if Reason(reason) == Earned {
		return ""
	}
	if _, isCode := sentences[Reason(reason)]; isCode {
		return Reason(reason).ForPartner(nil)
	}
	return reason
}
