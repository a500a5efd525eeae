/* What is left of a disk after a power cut: loaded before a program (LD_PRELOAD), it keeps beside the disk an image of
 * what the program has flushed, and of nothing else.
 *
 * Invariant. The image holds a file's content as of its last fsync or fdatasync, and a folder's names as of the folder's
 * own fsync; a name that its folder was not flushed for is not there (fsync(2)). A flush that is not seen here is
 * missing in the image: an error in this file can make a test fail, never pass.
 *
 * Limits. The disk is a file system whose inode numbers are never used again, such as tmpfs. Writes to SQLite's files are
 * watched, so that only what changed is copied; every other file is copied whole.
 *
 * ROLLCALL_DISK is the disk's mount point, ROLLCALL_IMAGE the folder of the image, which has a file `INODE.f` for each
 * file and `INODE.d` for each folder: a line a name, "d 17 spool" or "f 18 spool.db". With ROLLCALL_DEAF=all nothing is
 * kept, as by a disk that only says that it has flushed; with ROLLCALL_DEAF=folders no names are.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What was written to a file since it was last kept: from low up to high. */
struct written {
    ino_t inode;
    off_t low, high;
};

static int watching, deaf, deaf_to_folders;
static dev_t disk;
static char image[3072];
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static struct written files[512];
static char block[1 << 20];

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("ROLLCALL_DISK"), *to = getenv("ROLLCALL_IMAGE");
    struct stat found;
    if (!where || !to || strlen(to) >= sizeof image || stat(where, &found) != 0)
        return;
    strcpy(image, to);
    disk = found.st_dev;
    const char *deafness = getenv("ROLLCALL_DEAF");
    deaf = deafness && strcmp(deafness, "all") == 0;
    deaf_to_folders = deafness && strcmp(deafness, "folders") == 0;
    watching = 1;
}

/* Whether an open file is on the disk. */
static int is_ours(int fd, struct stat *found) {
    return watching && fstat(fd, found) == 0 && found->st_dev == disk;
}

/* A file that is only changed by calls that are seen here, from when it was first kept. */
static struct written *known(ino_t inode) {
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i].inode == inode)
            return &files[i];
    return NULL;
}

static int is_watched(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    const char *dot = strrchr(path, '.');
    return dot && (strcmp(dot, ".db") == 0 || strcmp(dot, ".db-wal") == 0);
}

/* Notes what was written, after it was: whoever flushes later finds it. */
static void note(int fd, off_t from, ssize_t count) {
    struct stat found;
    if (count <= 0 || !is_ours(fd, &found) || !S_ISREG(found.st_mode))
        return;
    pthread_mutex_lock(&turn);
    struct written *file = known(found.st_ino);
    if (file) {
        if (file->high == 0 || from < file->low)
            file->low = from;
        if (from + count > file->high)
            file->high = from + count;
    }
    pthread_mutex_unlock(&turn);
}

static int copy(int from, int to, off_t at, off_t end) {
    while (at < end) {
        size_t most = end - at < (off_t)sizeof block ? (size_t)(end - at) : sizeof block;
        ssize_t count = pread(from, block, most, at);
        if (count <= 0)
            return (int)count;
        for (ssize_t done = 0; done < count;) {
            ssize_t put = syscall(SYS_pwrite64, to, block + done, count - done, at + done);
            if (put < 0)
                return -1;
            done += put;
        }
        at += count;
    }
    return 0;
}

static int keep_file(int fd, const struct stat *found) {
    char link[64], name[sizeof image + 64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    snprintf(name, sizeof name, "%s/%llu.f", image, (unsigned long long)found->st_ino);
    int from = open(link, O_RDONLY | O_CLOEXEC), to = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    struct written *file = known(found->st_ino);
    off_t low = file ? file->low : 0, high = file ? file->high : found->st_size;
    int kept = from < 0 || to < 0 ? -1 : copy(from, to, low, high < found->st_size ? high : found->st_size);
    if (kept == 0)
        kept = (int)syscall(SYS_ftruncate, to, found->st_size);
    if (!file && kept == 0 && is_watched(fd) && (file = known(0)))
        file->inode = found->st_ino;
    if (file && kept == 0)
        file->low = file->high = 0;
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    return kept;
}

static int keep_folder(int fd, const struct stat *found) {
    char name[sizeof image + 64], part[sizeof image + 96];
    snprintf(name, sizeof name, "%s/%llu.d", image, (unsigned long long)found->st_ino);
    snprintf(part, sizeof part, "%s.part", name);
    int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = again < 0 ? NULL : fdopendir(again);
    FILE *list = folder ? fopen(part, "we") : NULL;
    for (struct dirent *entry; list && (entry = readdir(folder));) {
        char kind = entry->d_type == DT_DIR ? 'd' : entry->d_type == DT_REG ? 'f' : 0;
        if (kind && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            fprintf(list, "%c %llu %s\n", kind, (unsigned long long)entry->d_ino, entry->d_name);
    }
    int kept = list && fclose(list) == 0 ? rename(part, name) : -1;
    if (folder)
        closedir(folder);
    return kept;
}

/* Flushes into the image; the disk's own flush would only cost time. */
static int keep(int fd, long call) {
    struct stat found;
    if (!is_ours(fd, &found))
        return (int)syscall(call, fd);
    if (deaf || (deaf_to_folders && S_ISDIR(found.st_mode)))
        return 0;
    pthread_mutex_lock(&turn);
    int kept = -1;
    if (fstat(fd, &found) == 0)
        kept = S_ISDIR(found.st_mode) ? keep_folder(fd, &found) : keep_file(fd, &found);
    pthread_mutex_unlock(&turn);
    if (kept != 0)
        errno = EIO;
    return kept;
}

int fsync(int fd) { return keep(fd, SYS_fsync); }

int fdatasync(int fd) { return keep(fd, SYS_fdatasync); }

ssize_t write(int fd, const void *bytes, size_t count) {
    off_t from = watching ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t written = syscall(SYS_write, fd, bytes, count);
    int trouble = errno;
    if (from >= 0)
        note(fd, from, written);
    errno = trouble;
    return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t from) {
    ssize_t written = syscall(SYS_pwrite64, fd, bytes, count, from);
    int trouble = errno;
    note(fd, from, written);
    errno = trouble;
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t from) { return pwrite64(fd, bytes, count, from); }
