package proc

import "syscall"

// dieWithParent has the kernel kill the child when its parent dies. It holds
// across a change of user only because Go sets it after the ids.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }
