package ledger

// Choice is whom an admin credits when he runs an order's commissions again (S96).
type Choice string

// The choices.
const (
	AtSale       Choice = "at_sale" // the referrer at the time of the sale, by the global rule
	CurrentFirst Choice = "first"   // the contact's first referrer as of now
	CurrentLast  Choice = "last"    // the contact's last referrer as of now
	AnyPartner   Choice = "partner" // whom the admin names
)
