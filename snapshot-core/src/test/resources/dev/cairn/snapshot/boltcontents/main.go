// Reads each file of a BATCH with bbolt, and writes what is in it to OUT.
//
//	batch   = (u32 length, file)*                          all numbers big-endian
//	out     = (u8 status, sha256, u32 length, text)*       status 0: read
//	content = (0x01 u32 length, bucket, (0x02 u32 length, key, u32 length, value)*)*
//
// The sha256 is that of the content. The text is the content itself when DUMP is
// "dump", nothing when it is "hash", and the reason for a file that is not read.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
)

func main() {
	if len(os.Args) != 4 || (os.Args[1] != "dump" && os.Args[1] != "hash") {
		fmt.Fprintln(os.Stderr, "usage: boltcontents dump|hash BATCH OUT")
		os.Exit(2)
	}
	if err := run(os.Args[1] == "dump", os.Args[2], os.Args[3]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func run(dump bool, batch, result string) error {
	// bbolt 1.3.6 points into copies of inline buckets in ways that a collector may not follow.
	debug.SetGCPercent(-1)
	in, err := os.Open(batch)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(result)
	if err != nil {
		return err
	}
	defer out.Close()
	files, answers := bufio.NewReader(in), bufio.NewWriter(out)
	scratch := result + ".db"
	for at := 0; ; at++ {
		number := at
		file, err := next(files)
		if err == io.EOF {
			return answers.Flush()
		}
		if err != nil {
			return err
		}
		// A new file each time: a read that failed may have left the old one mapped.
		os.Remove(scratch)
		if err := os.WriteFile(scratch, file, 0600); err != nil {
			return err
		}
		patience := time.AfterFunc(60*time.Second, func() {
			fmt.Printf("file %d of the batch does not end\n", number)
			os.Exit(1)
		})
		answer(answers, dump, scratch)
		patience.Stop()
		os.Remove(scratch)
		if at%100 == 99 {
			runtime.GC()
		}
	}
}

func next(in io.Reader) ([]byte, error) {
	var length uint32
	if err := binary.Read(in, binary.BigEndian, &length); err != nil {
		return nil, err
	}
	file := make([]byte, length)
	_, err := io.ReadFull(in, file)
	return file, err
}

func answer(out io.Writer, dump bool, path string) {
	var content bytes.Buffer
	sum := sha256.New()
	sink := io.Writer(sum)
	if dump {
		sink = io.MultiWriter(sum, &content)
	}
	err := read(path, bufio.NewWriter(sink))
	status, text := []byte{0}, content.Bytes()
	if err != nil {
		status, text = []byte{1}, []byte(err.Error())
	}
	out.Write(status)
	out.Write(sum.Sum(nil))
	field(out, text)
}

func field(out io.Writer, bytes []byte) {
	binary.Write(out, binary.BigEndian, uint32(len(bytes)))
	out.Write(bytes)
}

// Damage makes bbolt panic, or read where nothing is mapped.
func read(path string, content *bufio.Writer) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	debug.SetPanicOnFault(true)
	db, err := bolt.Open(path, 0600, &bolt.Options{ReadOnly: true, Timeout: 10 * time.Second})
	if err != nil {
		return err
	}
	err = db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, bucket *bolt.Bucket) error {
			if bucket == nil {
				return errors.New("a key beside the buckets")
			}
			content.WriteByte(1)
			field(content, name)
			return bucket.ForEach(func(key, value []byte) error {
				if value == nil {
					return errors.New("a bucket within a bucket")
				}
				content.WriteByte(2)
				field(content, key)
				field(content, value)
				return nil
			})
		})
	})
	db.Close()
	if err == nil {
		err = content.Flush()
	}
	return err
}
