package wpbridge

import (
	"context"
	"fmt"
	"slices"
)

// capabilities are what a user may do, after roles and own entries.
type capabilities map[string]bool

// effectiveCapabilities joins the user's own entries (usermeta
// {prefix}capabilities: roles and single capabilities mixed) with the role
// definitions (option {prefix}user_roles), as WP_User does: roles in the
// order of the entries, later ones overwrite, then the entries themselves. An
// entry whose value is false takes a capability away; a role counts whatever
// its value.
func effectiveCapabilities(entries, definitions phpArray) (roles []string, caps capabilities) {
	caps = capabilities{}
	for _, entry := range entries {
		role, isRole := definitions.get(entry.key).(phpArray)
		if !isRole {
			continue
		}
		roles = append(roles, entry.key)
		granted, _ := role.get("capabilities").(phpArray)
		for _, c := range granted {
			caps[c.key] = truthy(c.value)
		}
	}
	for _, entry := range entries {
		caps[entry.key] = truthy(entry.value)
	}
	caps["exist"] = true
	return roles, caps
}

// roleDefinitions reads the blog's roles. A blog without them has none: its
// users keep only what stands in their own entries.
func (u *Users) roleDefinitions(ctx context.Context) (phpArray, error) {
	name := u.options.blog.Prefix + "user_roles"
	stored, found, err := u.options.Get(ctx, name)
	if err != nil || !found {
		return nil, err
	}
	definitions, err := unserializeArray(stored)
	if err != nil {
		return nil, fmt.Errorf("the option %s: %w", name, err)
	}
	return definitions, nil
}

// isSuperAdmin looks into the list of the network; nobody is on a single
// site. The global $super_admins of wp-config.php is not seen.
func (u *Users) isSuperAdmin(ctx context.Context, login string) (bool, error) {
	if !u.options.blog.Multisite {
		return false, nil
	}
	stored, found, err := u.options.GetNetwork(ctx, "site_admins")
	if err != nil || !found {
		return false, err
	}
	admins, err := unserializeArray(stored)
	if err != nil {
		return false, fmt.Errorf("the network option site_admins: %w", err)
	}
	return slices.ContainsFunc(admins, func(e phpEntry) bool { return e.value == any(login) }), nil
}
