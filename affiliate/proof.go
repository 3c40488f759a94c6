package affiliate

// Proof is how it is known that a contact was brought by a referrer (D41):
// anybody can send a form with somebody else's address.
type Proof string

// The proofs. The blank one is that of no referrer.
const (
	ByOwnOrder   Proof = "order"     // the request of an order carried the click
	ByBrowser    Proof = "browser"   // the form came from a browser that is the contact's, by form, order or log-in
	ByLogIn      Proof = "login"     // the form was sent logged in with the contact's address
	ByMailbox    Proof = "confirmed" // the contact's mailbox confirmed the form
	ByCreation   Proof = "created"   // the form made the contact: nothing could be taken away
	ByAdminsHand Proof = "admin"     // an admin said so, or the site itself
	// a form for a known contact, by a browser never seen with them, or one of too many
	Unproven Proof = "unproven"
)

// Proven tells whether a sale may be credited without a look at it.
func (p Proof) Proven() bool { return p != Unproven }
