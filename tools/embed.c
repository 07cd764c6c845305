/* SPDX-License-Identifier: Apache-2.0 */
/* Build-time program: turns text files into a C array that the program carries in itself.
 *     embed NAME -C DIR FILE... > out.c
 * gives `const char *const NAME[]`: the name of each file without its folders, its text, and NULL
 * at the end. It stands alone: it runs before anything of the program is built. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn static void embed_die(const char *what, const char *name)
{
    fprintf(stderr, "embed: %s %s\n", what, name);
    exit(1);
}

/* Octal escapes end after three digits, so what follows can't be taken into them. */
static void embed_byte(int c)
{
    if (c == '\n')
        fputs("\\n\"\n    \"", stdout);
    else if (c == '"' || c == '\\')
        printf("\\%c", c);
    else if (c == 0)
        embed_die("a zero byte in", "a text file");
    else if (c < ' ' || c > '~' || c == '?')
        printf("\\%03o", (unsigned)c);
    else
        putchar(c);
}

static void embed_file(const char *folder, const char *file)
{
    char path[4096];
    const char *slash = strrchr(file, '/');
    int len = snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *in = len > 0 && (size_t)len < sizeof path ? fopen(path, "rb") : NULL;
    if (in == NULL)
        embed_die("can't read", file);
    printf("    \"%s\",\n    \"", slash == NULL ? file : slash + 1);
    for (int c; (c = getc(in)) != EOF;)
        embed_byte(c);
    puts("\",");
    if (ferror(in))
        embed_die("can't read", file);
    fclose(in);
}

int main(int argc, char **argv)
{
    if (argc < 5 || strcmp(argv[2], "-C") != 0)
        embed_die("usage: embed NAME -C DIR FILE...", "");
    printf("/* Made by tools/embed: change the files that it was made from. */\n"
           "extern const char *const %s[];\n"
           "const char *const %s[] = {\n",
           argv[1], argv[1]);
    for (int i = 4; i < argc; i++)
        embed_file(argv[3], argv[i]);
    puts("    0,\n};");
    if (fflush(stdout) != 0 || ferror(stdout))
        embed_die("can't write", "the output");
    return 0;
}
