package reason

// AdminWords is the reason of a commission or journal as admins read it: the
// sentence of a code, or what an admin wrote.
func AdminWords(reason string) string {
	if Code(reason) == Earned {
		return "The sale was paid." // the code's sentence belongs to a line's trace
	}
	if sentence := Code(reason).ForAdmin(nil); sentence != "" {
		return sentence
	}
	return reason
}

// PartnerWords is the same for the partner concerned; "" when the matter is
// not theirs. What an admin wrote is meant for them.
func PartnerWords(reason string) string {
	if Code(reason) == Earned {
		return ""
	}
	if _, isCode := sentences[Code(reason)]; isCode {
		return Code(reason).ForPartner(nil)
	}
	return reason
}
