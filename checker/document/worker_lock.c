/*
 * What the worker gives up. The filter is classic BPF over the number of the system call
 * (seccomp(2)): those that move bytes and memory are allowed, every other one fails with EPERM, so
 * that code that was taken over can open, connect, fork, signal and change nothing. Memory that is
 * both new and executable is refused as well.
 */
#include "document/worker.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define WORKER_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define WORKER_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define WORKER_ARCH AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define WORKER_ARCH AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define WORKER_ARCH AUDIT_ARCH_S390X
#elif defined(__i386__)
#define WORKER_ARCH AUDIT_ARCH_I386
#elif defined(__arm__)
#define WORKER_ARCH AUDIT_ARCH_ARM
#else
#error "worker_lock.c: add the audit number of this processor"
#endif

/* AddressSanitizer reserves terabytes of address space. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#ifndef HAS_ASAN
#define HAS_ASAN 0
#endif

#define LOAD(field)        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ALLOW              BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE             BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define ALLOW_CALL(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), ALLOW
/* Its third argument, as in mmap and mprotect, must not ask for execution. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define PROTECTION args[2]
#else
#define PROTECTION args[2] + 4
#endif
#define ALLOW_MAPPING(number)                                                                      \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 4), LOAD(PROTECTION),                     \
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1), REFUSE, ALLOW

static int limit(int resource, rlim_t value)
{
	struct rlimit bounds = {value, value};

	return setrlimit((__rlimit_resource_t)resource, &bounds);
}

static int filter(void)
{
	static struct sock_filter rows[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, WORKER_ARCH, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
		ALLOW_CALL(SYS_read),
		ALLOW_CALL(SYS_write),
		ALLOW_CALL(SYS_brk),
		ALLOW_CALL(SYS_munmap),
		ALLOW_CALL(SYS_mremap),
		ALLOW_CALL(SYS_madvise),
		ALLOW_CALL(SYS_futex),
		ALLOW_CALL(SYS_rt_sigreturn),
		ALLOW_CALL(SYS_rt_sigprocmask),
		ALLOW_CALL(SYS_exit),
		ALLOW_CALL(SYS_exit_group),
#if HAS_ASAN /* it looks at its stack before the end */
		ALLOW_CALL(SYS_sigaltstack),
#endif
#ifdef SYS_mmap2
		ALLOW_MAPPING(SYS_mmap2),
#endif
#ifdef SYS_mmap
		ALLOW_MAPPING(SYS_mmap),
#endif
		LOAD(nr),
		ALLOW_MAPPING(SYS_mprotect),
		REFUSE,
	};
	struct sock_fprog program = {.len = G_N_ELEMENTS(rows), .filter = rows};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

int worker_lock(void)
{
	if (limit(RLIMIT_CORE, 0) || limit(RLIMIT_CPU, WORKER_CPU_SECONDS) ||
	    limit(RLIMIT_FSIZE, 0) || (!HAS_ASAN && limit(RLIMIT_AS, WORKER_MEMORY)))
		return -1;
	return filter();
}
