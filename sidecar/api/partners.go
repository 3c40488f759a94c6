package api

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/signup"
)

// partner is a contact who promotes.
type partner struct {
	ID        affiliate.PartnerID    `json:"id" db:"id"`
	Code      string                 `json:"code" db:"code"`
	State     affiliate.PartnerState `json:"state" db:"state"`
	ContactID affiliate.ContactID    `json:"contact_id" db:"contact_id"`
	Email     string                 `json:"email" db:"email"`
	FirstName string                 `json:"first_name" db:"first_name"`
	LastName  string                 `json:"last_name" db:"last_name"`
	Program   string                 `json:"program,omitempty" db:"program"`
	CreatedAt time.Time              `json:"created_at" db:"created_at"`
	UpdatedAt time.Time              `json:"updated_at" db:"updated_at"`
}

const selectPartners = `/* api.partners */
	SELECT p.id, p.code, p.state, p.contact_id, k.email, k.first_name, k.last_name, COALESCE(g.code, '') AS program,
	p.created_at, p.updated_at
	FROM {wp}partner_center_partners p JOIN {wp}partner_center_contacts k ON k.id = p.contact_id
	LEFT JOIN {wp}partner_center_memberships m ON m.partner_id = p.id AND m.active = 1
	LEFT JOIN {wp}partner_center_programs g ON g.id = m.program_id`

var stateParameter = parameter{"state", "Only partners in this state: applied, active, suspended, rejected or removed.",
	"string"}

func listPartners(c *call) (page[partner], error) {
	f := filter{}
	f.textIs(c, "state", "p.state")
	f.textIs(c, "code", "p.code")
	return list(c, selectPartners, "p.id", f, func(p partner) int64 { return int64(p.ID) })
}

// partnerDetail is a partner with what they are owed.
type partnerDetail struct {
	partner
	Balances []balance       `json:"balances"`
	Coupons  []partnerCoupon `json:"coupons"`
}

// partnerCoupon is a code that is the partner's now.
type partnerCoupon struct {
	Code  string      `json:"code"`
	Shop  coupon.Shop `json:"shop"`
	Works bool        `json:"works"`
}

// balance is what stands on a partner's accounts in one currency.
type balance struct {
	Currency money.Currency `json:"currency"`
	Pending  money.Amount   `json:"pending"`
	Owed     money.Amount   `json:"owed"`
	InPayout money.Amount   `json:"in_payout"`
	Paid     money.Amount   `json:"paid"`
}

func onePartner(c *call) (partnerDetail, error) {
	n, err := id[affiliate.Partner](c)
	if err != nil {
		return partnerDetail{}, err
	}
	return c.partnerDetail(n)
}

func (c *call) partnerDetail(n affiliate.PartnerID) (out partnerDetail, err error) {
	if out.partner, err = one[partner](c, "partner", selectPartners+` WHERE p.id = ?`, n); err != nil {
		return out, err
	}
	codes, err := c.api.Coupons.Of(c.Ctx(), n)
	if err != nil {
		return out, err
	}
	out.Coupons = []partnerCoupon{}
	for _, k := range codes {
		out.Coupons = append(out.Coupons, partnerCoupon{k.Code, k.Shop, k.Works()})
	}
	known, err := c.api.Ledger.Balances(c.Ctx(), n)
	out.Balances = []balance{}
	for _, b := range known {
		owed, sumErr := b.Owed()
		if sumErr != nil {
			return out, sumErr
		}
		out.Balances = append(out.Balances, balance{b.Currency, b.Pending, owed, b.InPayout, b.Paid})
	}
	return out, err
}

// newPartner is somebody who is to be a partner.
type newPartner struct {
	Program       string                  `json:"program"`
	Email         string                  `json:"email"`
	FirstName     string                  `json:"first_name,omitempty"`
	LastName      string                  `json:"last_name,omitempty"`
	Company       string                  `json:"company,omitempty"`
	PaymentMethod affiliate.PaymentPolicy `json:"payment_method,omitempty"`
	PayPalEmail   string                  `json:"paypal_email,omitempty"`
}

type addedPartner struct {
	Outcome string        `json:"outcome"`
	Partner partnerDetail `json:"partner"`
}

func addPartner(c *call, in newPartner) (addedPartner, error) {
	program, err := c.api.Registry.ProgramByCode(c.Ctx(), in.Program)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		err = affiliate.Invalid("program", "There is no program with this code.")
	}
	if err != nil {
		return addedPartner{}, err
	}
	r, err := c.api.Signups.Add(c.Ctx(), c.actor(), signup.Addition{ProgramID: program.ID, Method: in.PaymentMethod,
		PayPalEmail: in.PayPalEmail,
		Person: affiliate.Person{Email: in.Email, FirstName: in.FirstName, LastName: in.LastName,
			Company: in.Company}})
	if err != nil {
		return addedPartner{}, err
	}
	detail, err := c.partnerDetail(r.Partner.ID)
	return addedPartner{string(r.Outcome), detail}, err
}

// answered is how an application is answered.
type answered struct {
	Reason string `json:"reason,omitempty"`
}

func approvePartner(c *call, _ answered) (partnerDetail, error) {
	n, err := id[affiliate.Partner](c)
	if err != nil {
		return partnerDetail{}, err
	}
	if _, err := c.api.Signups.Approve(c.Ctx(), c.actor(), n); err != nil {
		return partnerDetail{}, err
	}
	return c.partnerDetail(n)
}

func rejectPartner(c *call, in answered) (partnerDetail, error) {
	n, err := id[affiliate.Partner](c)
	if err != nil {
		return partnerDetail{}, err
	}
	if _, err := c.api.Signups.Reject(c.Ctx(), c.actor(), n, in.Reason); err != nil {
		return partnerDetail{}, err
	}
	return c.partnerDetail(n)
}

// membership is a stretch of time in which a partner belonged to a program.
type membership struct {
	ID          affiliate.MembershipID `json:"id" db:"id"`
	PartnerID   affiliate.PartnerID    `json:"partner_id" db:"partner_id"`
	Program     string                 `json:"program" db:"program"`
	ProgramName string                 `json:"program_name" db:"program_name"`
	RecruiterID affiliate.PartnerID    `json:"recruiter_id,omitempty" db:"recruiter_id"`
	SignupAt    time.Time              `json:"signup_at" db:"signup_at"`
	StartedAt   time.Time              `json:"started_at" db:"started_at"`
	EndedAt     *time.Time             `json:"ended_at,omitempty" db:"ended_at"`
}

const selectMemberships = `/* api.memberships */
	SELECT m.id, m.partner_id, g.code AS program, g.name AS program_name, m.recruiter_id, m.signup_at, m.started_at,
	m.ended_at
	FROM {wp}partner_center_memberships m JOIN {wp}partner_center_programs g ON g.id = m.program_id`

var partnerParameter = parameter{"partner", "Only those of the partner with this id.", "integer"}

func listMemberships(c *call) (page[membership], error) {
	f := filter{}
	if err := f.idIs(c, "partner", "m.partner_id"); err != nil {
		return page[membership]{}, err
	}
	return list(c, selectMemberships, "m.id", f, func(m membership) int64 { return int64(m.ID) })
}

// move takes a partner to another program.
type move struct {
	PartnerID affiliate.PartnerID `json:"partner_id"`
	Program   string              `json:"program"`
}

func movePartner(c *call, in move) (membership, error) {
	program, err := c.api.Registry.ProgramByCode(c.Ctx(), in.Program)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		err = affiliate.Invalid("program", "There is no program with this code.")
	}
	if err != nil {
		return membership{}, err
	}
	m, err := c.api.Registry.MovePartner(c.Ctx(), c.actor(), in.PartnerID, program.ID)
	if err != nil {
		return membership{}, err
	}
	return one[membership](c, "membership", selectMemberships+` WHERE m.id = ?`, m.ID)
}
