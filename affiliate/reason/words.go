package reason

import "partnercenter/locale"

// AdminWords is the reason of a commission or journal as admins read it: the
// sentence of a code, or what an admin wrote.
func AdminWords(reason string) locale.Text {
	if Code(reason) == Earned {
		return locale.T("The sale was paid.") // the code's sentence belongs to a line's trace
	}
	if sentence := Code(reason).ForAdmin(nil); !sentence.IsZero() {
		return sentence
	}
	return locale.Data(reason)
}

// PartnerWords is the same for the partner concerned; none when the matter is
// not theirs. What an admin wrote is meant for them.
func PartnerWords(reason string) locale.Text {
	if Code(reason) == Earned {
		return locale.Text{}
	}
	if _, isCode := sentences[Code(reason)]; isCode {
		return Code(reason).ForPartner(nil)
	}
	return locale.Data(reason)
}
