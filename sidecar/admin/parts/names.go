package parts

import (
	"context"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// People are those behind partners, by partner.
type People map[affiliate.PartnerID]affiliate.Contact

// PeopleOf loads those behind partners, all at once; ids may repeat and be 0.
func PeopleOf(ctx context.Context, registry *affiliate.Registry, ids ...affiliate.PartnerID) (People, error) {
	return registry.PartnerContacts(ctx, ids)
}

// Name is what a partner is called; "" for no partner.
func (p People) Name(id affiliate.PartnerID) string {
	if id == 0 {
		return ""
	}
	c, known := p[id]
	if !known {
		return "#" + id.String()
	}
	return c.Name()
}

// ProgramNames are the names of all programs.
func ProgramNames(ctx context.Context, registry *affiliate.Registry) (map[affiliate.ProgramID]string, error) {
	programs, err := registry.Programs(ctx)
	names := map[affiliate.ProgramID]string{}
	for _, program := range programs {
		names[program.ID] = program.Name
	}
	return names, err
}

// ProgramFilter are the programs that a list can be narrowed to, after all of
// them; chosen is the one as it stands in the URL.
func ProgramFilter(ctx context.Context, registry *affiliate.Registry, chosen string) ([]web.Option, error) {
	programs, err := registry.Programs(ctx)
	options := []web.Option{{Value: "", Label: locale.T("All programs")}}
	for _, program := range programs {
		options = append(options, web.Option{Value: program.ID.String(), Label: locale.Data(program.Name)})
	}
	return web.Options(options, chosen), err
}

// PartnerNamed is the partner of a code in links or of an address, as people type
// them; KindNotFound when there is none.
func PartnerNamed(ctx context.Context, registry *affiliate.Registry, name string) (affiliate.Partner, error) {
	if name = strings.TrimSpace(name); strings.Contains(name, "@") {
		return registry.PartnerByEmail(ctx, name)
	}
	return registry.PartnerByCode(ctx, name)
}

// Living is the contact that the path names, unless their record was deleted.
func Living(r *web.Request, registry *affiliate.Registry) (affiliate.Contact, error) {
	id, err := affiliate.ParseID[affiliate.Contact](r.Param("contact"))
	if err != nil {
		return affiliate.Contact{}, err
	}
	c, err := registry.Contact(r.Ctx(), id)
	if err == nil && c.DeletedAt != nil {
		err = affiliate.Conflict("The record of this contact was deleted.")
	}
	return c, err
}
