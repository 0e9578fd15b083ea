/*
 * The identity of the running program: the build ids that the linker has put into it and into its
 * libraries, as they are mapped now. A version number would not do, since two builds of one version
 * may judge differently, and a distribution mends a library without a new one.
 */
#include "base/build.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

/* elf(5): notes stand in a row, names and contents padded to 4 bytes. */
static bool append_id(GString *out, const char *notes, size_t size)
{
	ElfW(Nhdr) note;

	for (size_t at = 0; at + sizeof(note) <= size;) {
		memcpy(&note, notes + at, sizeof(note));
		size_t name = at + sizeof(note);
		size_t content = name + ((note.n_namesz + (size_t)3) & ~(size_t)3);
		size_t next = content + ((note.n_descsz + (size_t)3) & ~(size_t)3);

		if (next > size || next <= at)
			return false;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
		    !memcmp(notes + name, "GNU", 4)) {
			g_string_append_len(out, notes + content, (gssize)note.n_descsz);
			return true;
		}
		at = next;
	}
	return false;
}

static void append_file(GString *out, const char *path)
{
	struct stat status;

	if (!stat(path, &status))
		g_string_append_printf(out, "%s|%llu|%lld|%lld.%ld", path,
				       (unsigned long long)status.st_ino, (long long)status.st_size,
				       (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

static int append_object(struct dl_phdr_info *info, size_t size, void *context)
{
	const char *name = *info->dlpi_name ? info->dlpi_name : "/proc/self/exe";
	GString *out = context;

	(void)size;
	/* The kernel's own part changes with the kernel and judges nothing. */
	if (g_str_has_prefix(name, "linux-"))
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type == PT_NOTE &&
		    append_id(out, (const char *)(info->dlpi_addr + part->p_vaddr),
			      (size_t)part->p_memsz))
			return 0;
	}
	append_file(out, name);
	return 0;
}

void build_append(GString *out)
{
	dl_iterate_phdr(append_object, out);
}
